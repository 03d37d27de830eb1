// Runs in workerd, as the service behind the worker's ASSETS binding: what Cloudflare's static assets
// do, as far as the worker asks for it. The worker decides what may be asked for, and sets the headers.

interface Files {
  readonly FILES: { fetch(url: string): Promise<Response> };
}

/** WHATWG MIME Sniffing trusts these; a module script is refused without one (HTML, section 8.1.4.2). */
const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

/** Path → entity tag. Files do not change while workerd runs: a start builds the page before. */
const tags = new Map<string, string>();

async function tagOf(path: string, bytes: ArrayBuffer): Promise<string> {
  const known = tags.get(path);
  if (known !== undefined) return known;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 16);
  const tag = `"${Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
  tags.set(path, tag);
  return tag;
}

export default {
  async fetch(request: Request, { FILES }: Files): Promise<Response> {
    const { pathname } = new URL(request.url);
    const headers = new Headers({
      "Content-Type": TYPES[pathname.split(".").at(-1) ?? ""] ?? "application/octet-stream",
    });
    const known = tags.get(pathname);
    if (known !== undefined && request.headers.get("If-None-Match") === known) {
      headers.set("ETag", known);
      return new Response(null, { status: 304, headers });
    }
    const file = await FILES.fetch(`http://files${pathname}`);
    // A directory is listed as JSON, and is no file.
    const isFile = file.ok && file.headers.get("Content-Type") !== "application/json";
    if (!isFile) {
      await file.body?.cancel();
      return new Response(null, { status: 404 });
    }
    const bytes = await file.arrayBuffer();
    headers.set("ETag", await tagOf(pathname, bytes));
    return new Response(bytes, { headers });
  },
};
