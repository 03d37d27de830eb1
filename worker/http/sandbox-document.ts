import { DiscoError } from "#protocol/errors.ts";
import { AppConfig, PAGE_DATA_ID, type Identity, type PageData } from "#protocol/page-data.ts";
import { signedIn } from "../identity/browser-sign-in.ts";
import { identityOf } from "../identity/sign-in.ts";
import type { AppContext } from "./app-env.ts";
import { serveAsset } from "./assets.ts";
import { describeConfig } from "./discovery.ts";
import { sandboxHeaders } from "./security-headers.ts";

/**
 * The sandbox page's document, with what the page would ask first written into it. Only the page can
 * read that: no other origin may frame the document (`frame-ancestors`), or read or embed it
 * (`Cross-Origin-Resource-Policy`), and no cache keeps it.
 */
export async function serveSandbox(context: AppContext): Promise<Response> {
  const headers = { ...sandboxHeaders(context.get("origins")), "Cache-Control": "no-store" };
  const [document, identity] = await Promise.all([
    serveAsset(context, "/index.html", headers, "whole"),
    identityNow(context),
  ]);
  // A version of the built file, not of what leaves here.
  document.headers.delete("ETag");
  const data: PageData = { config: AppConfig.parse(describeConfig(context)), identity };
  const block = `<script type="application/json" id="${PAGE_DATA_ID}">${inScript(data)}</script>`;
  return new HTMLRewriter()
    .on("head", { element: (head) => void head.prepend(block, { html: true }) })
    .transform(document);
}

/** Undefined when there is none to tell: the page asks once more, and tells the person why. */
async function identityNow(context: AppContext): Promise<Identity | null | undefined> {
  try {
    return await identityOf(context, await signedIn(context), context.req.query("container"));
  } catch (error) {
    return DiscoError.from(error).code === "unauthenticated" ? null : undefined;
  }
}

/** JSON that no name of a user or container can end (HTML, section 4.12.1.3). */
function inScript(data: PageData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}
