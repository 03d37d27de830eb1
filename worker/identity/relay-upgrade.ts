import { DiscoError } from "#protocol/errors.ts";
import { SUBPROTOCOL, TICKET_SUBPROTOCOL_PREFIX } from "#protocol/frames.ts";
import { TICKET_TTL_S } from "#protocol/limits.ts";
import type { AppContext } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { foreignOrigin } from "../http/cors.ts";
import { SIGN_IN_HEADER } from "../relay/sign-in-header.ts";
import { createRedis } from "../store/redis.ts";
import { createUsedTokens } from "../store/used-tokens.ts";
import { requireSignInNow } from "./browser-sign-in.ts";
import { realmOf } from "./realm.ts";
import { verifyToken } from "./tokens.ts";

/** What makes a request an upgrade (RFC 6455, section 4.1). */
const UPGRADE_HEADERS = [
  "Connection",
  "Upgrade",
  "Sec-WebSocket-Extensions",
  "Sec-WebSocket-Key",
  "Sec-WebSocket-Protocol",
  "Sec-WebSocket-Version",
];

/**
 * A tab's way to its relay (SPEC rules OPEN-1 to OPEN-3): exact origin, then a ticket that is used up
 * here. The relay trusts what reaches it.
 */
export async function upgradeToRelay(context: AppContext): Promise<Response> {
  const config = servingConfig(context);
  const origin = context.req.header("Origin");
  if (origin !== context.get("origins").page) throw foreignOrigin(origin);
  if (context.req.header("Upgrade")?.toLowerCase() !== "websocket") {
    throw new DiscoError("invalid_input", "This route takes WebSocket upgrades only.");
  }
  const claims = await verifyToken(realmOf(config), "ticket", ticketOf(context.req.raw.headers));
  const container = context.req.param("container");
  if (claims.container !== container) throw badTicket("The ticket is for another container.");
  // A ticket outlives the container that it was given for.
  await context.get("containers").resolve(claims.sub, container);
  const used = createUsedTokens(createRedis(context.env));
  const unused = await used.redeem("ticket", claims.jti, TICKET_TTL_S);
  if (!unused) throw badTicket("The ticket was used already.");
  const relay = context.env.CONTAINER_RELAY.getByName(container);
  const answer = await relay.fetch(upgradeOf(context.req.raw, claims.sid));
  // Asked afterwards: a sign-in that ends from now on finds the connection, and closes it [OPEN-5].
  try {
    await requireSignInNow(context.env, claims, config.mode === "local");
  } catch (error) {
    await relay.signOut(claims.sid);
    throw error;
  }
  return answer;
}

/** What the relay needs of the request; the headers that the client made up stay here. */
function upgradeOf({ url, headers: given }: Request, signIn: string): Request {
  const headers = new Headers({ [SIGN_IN_HEADER]: signIn });
  for (const name of UPGRADE_HEADERS) {
    const value = given.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Request(url, { headers });
}

/** The offered subprotocols (RFC 6455, section 11.3.4): the wire's version, and the ticket. */
function ticketOf(headers: Headers): string {
  const offered = (headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((one) => one.trim());
  const ticket = offered.find((one) => one.startsWith(TICKET_SUBPROTOCOL_PREFIX));
  if (ticket === undefined) throw badTicket("The upgrade offers no ticket.");
  if (!offered.includes(SUBPROTOCOL)) {
    throw new DiscoError("reload_required", `The upgrade does not offer ${SUBPROTOCOL}.`);
  }
  return ticket.slice(TICKET_SUBPROTOCOL_PREFIX.length);
}

function badTicket(message: string): DiscoError {
  return new DiscoError("unauthenticated", message);
}
