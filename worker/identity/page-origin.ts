import type { AppContext } from "../http/app-env.ts";
import { foreignOrigin } from "../http/cors.ts";

/**
 * Admits requests of the sandbox page only. The cookie alone proves nothing: previews run on another
 * host of the same site, so SameSite does not keep them out. Browsers leave `Origin` out of GET
 * requests to the own origin; there `Sec-Fetch-Site`, which no page can set, tells the same.
 *
 * @throws DiscoError `origin_not_allowed`
 */
export function requirePageOrigin(context: AppContext): void {
  const origin = context.req.header("Origin");
  const { asked, page } = context.get("origins");
  if (origin === page) return;
  const readsOwn = context.req.method === "GET" && asked === page;
  if (origin === undefined && readsOwn && context.req.header("Sec-Fetch-Site") === "same-origin") {
    return;
  }
  throw foreignOrigin(origin);
}
