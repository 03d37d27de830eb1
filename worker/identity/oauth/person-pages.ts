import { DiscoError } from "#protocol/errors.ts";
import { errorCatalogue } from "#protocol/error-catalogue.ts";
import type { AppContext } from "../../http/app-env.ts";
import { clientNetwork } from "../../http/client-network.ts";
import { consentHeaders } from "../../http/security-headers.ts";
import { noticePage } from "../../http/pages/consent-page.ts";
import type { RouteHandler } from "../../http/routes.ts";
import { RateBound } from "../../registry/rate-bound.ts";

/** Pages that one address may ask for; each leaves a record for ten minutes. A person needs a few. */
const rate = new RateBound(300, 2);

/**
 * A page that a person sees on the way of a sign-in: on the page's own origin, where the cookie is,
 * never framed, never kept; what goes wrong is said in words.
 */
export async function onPage(context: AppContext, handler: RouteHandler): Promise<Response> {
  if (!isNavigation(context)) return refusal(context, notNavigated());
  const { asked, page } = context.get("origins");
  if (asked !== page) {
    // Clients know one name of this machine, the cookie another.
    const { pathname, search } = new URL(context.req.url);
    return context.redirect(page + pathname + search, 307);
  }
  try {
    if (!rate.take(clientNetwork(context))) {
      throw new DiscoError("overloaded", "Too many requests from this address.");
    }
    const response = await handler(context);
    response.headers.set("Cache-Control", "no-store");
    return response;
  } catch (thrown) {
    const error = DiscoError.from(thrown);
    if (error.code === "internal") throw error;
    context.get("logFields")["error"] = error.code;
    return refusal(context, error);
  }
}

/**
 * Whether a person can see what is answered. An image of a page beside us brings our cookies along, and
 * would have the browser keep a new one for each request until it drops the sign-in. Browsers say what a
 * request is for (Fetch Metadata, section 2.1), and no page can say otherwise.
 */
function isNavigation({ req }: AppContext): boolean {
  return (req.header("Sec-Fetch-Dest") ?? "document") === "document";
}

function notNavigated(): DiscoError {
  return new DiscoError("origin_not_allowed", "Open this address in a tab of its own.");
}

function refusal(context: AppContext, error: DiscoError): Response {
  const { status } = errorCatalogue[error.code];
  const page = noticePage("Nothing was allowed", [error.message, "You can close this page."]);
  return new Response(page, {
    status,
    headers: {
      ...consentHeaders([]),
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
    },
  });
}
