import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import tailwindcss from "@tailwindcss/vite";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";
import { previewFiles } from "./scripts/disco/preview-files.ts";
import { runtimeDocument } from "./scripts/disco/runtime-document.ts";

const top = import.meta.dirname;
const page = path.join(top, "sandbox-app");

/** Cloudflare's assets serve every dotfile they are given; only `.well-known` is meant to be seen. */
const assetsIgnore = [".*", "!.well-known", "*.map", ""].join("\n");

/**
 * Workers serve one asset directory, so the build puts Swagger UI, the static manifests and the files
 * of the previews' origins beside the page.
 */
function staticAssets(): Plugin {
  return {
    name: "disco:static-assets",
    apply: "build",
    async generateBundle() {
      const emit = (fileName: string, source: string | Uint8Array) =>
        this.emitFile({ type: "asset", fileName, source });
      const swagger = path.dirname(createRequire(import.meta.url).resolve("swagger-ui-dist"));
      for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
        emit(`swagger/${name}`, readFileSync(path.join(swagger, name)));
      }
      for (const name of namesIn(path.join(top, ".well-known"))) {
        emit(`.well-known/${name}`, readFileSync(path.join(top, ".well-known", name)));
      }
      for (const [name, source] of await previewFiles(page)) emit(`preview/${name}`, source);
      emit(".assetsignore", assetsIgnore);
    },
  };
}

function namesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );
}

export default defineConfig({
  root: page,
  // Relative: the page's files stand at the top, the runtime's below the path that previews leave us.
  base: "./",
  plugins: [vue(), tailwindcss(), staticAssets(), runtimeDocument()],
  worker: { format: "es" },
  build: {
    outDir: path.join(top, "dist/client"),
    emptyOutDir: true,
    // The polyfill would be an inline script, which the page's CSP forbids.
    modulePreload: { polyfill: false },
    // A data: URL needs an exception in the CSP; a file needs none.
    assetsInlineLimit: 0,
    // The editor and the shell are large by nature and come in chunks of their own.
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      input: [path.join(page, "index.html"), path.join(page, "runtime.html")],
    },
  },
});
