import { DiscoError } from "#protocol/errors.ts";
import type { AppContext } from "./app-env.ts";

/** Names of built files hold a hash of their content, so they never change. */
const IMMUTABLE = "public, max-age=31536000, immutable";

/**
 * A file of the built page, with the headers that belong to the host that was asked.
 *
 * @param path of the file in the assets
 * @param wanted `whole`: also when the browser has this version of it
 * @throws DiscoError `route_not_found`
 */
export async function serveAsset(
  context: AppContext,
  path: string,
  headers: Record<string, string>,
  wanted: "whole" | "changed" = "changed",
): Promise<Response> {
  const conditions = new Headers();
  const known = context.req.header("If-None-Match");
  if (known !== undefined && wanted === "changed") conditions.set("If-None-Match", known);
  const response = await context.env.ASSETS.fetch(new URL(path, context.req.url).href, {
    headers: conditions,
  });
  if (!response.ok && response.status !== 304) {
    await response.body?.cancel();
    throw new DiscoError("route_not_found", `There is no file ${path.slice(0, 200)}.`);
  }
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  return new Response(response.body, { status: response.status, headers: all });
}

export function immutable(headers: Record<string, string>): Record<string, string> {
  return { ...headers, "Cache-Control": IMMUTABLE };
}

/** Documents are checked each time: they name the built files of one version. */
export function revalidated(headers: Record<string, string>): Record<string, string> {
  return { ...headers, "Cache-Control": "no-cache" };
}
