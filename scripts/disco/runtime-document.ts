import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** Where the page's document names the runtime's; vite's source has the name that it has there. */
const NAME_IN_PAGE = 'content="runtime.html"';

/** Enough that no two builds share a name. */
const HASH_CHARS = 8;

/**
 * Gives the runtime's document a name with a hash of its content, as every other built file has, and
 * writes it into the page: so browsers keep it, and no boot waits for the worker to say that it is
 * still the same.
 */
export function runtimeDocument(): Plugin {
  return {
    name: "disco:runtime-document",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const page = htmlOf(bundle["index.html"]);
      const runtime = htmlOf(bundle["runtime.html"]);
      if (!page.source.includes(NAME_IN_PAGE)) throw new Error(`The page has no ${NAME_IN_PAGE}.`);
      // From now on it stands beside the files that it names.
      const source = runtime.source.replaceAll("./assets/", "./");
      const hash = createHash("sha256").update(source).digest("hex").slice(0, HASH_CHARS);
      const fileName = `assets/runtime-${hash}.html`;
      this.emitFile({ type: "asset", fileName, source });
      delete bundle["runtime.html"];
      page.source = page.source.replace(NAME_IN_PAGE, `content="${fileName}"`);
    },
  };
}

type Output = Parameters<Extract<NonNullable<Plugin["generateBundle"]>, Function>>[1][string];

function htmlOf(output: Output | undefined): { source: string } {
  if (output?.type !== "asset" || typeof output.source !== "string") {
    throw new Error("vite did not emit the page and the runtime as documents.");
  }
  return output as { source: string };
}
