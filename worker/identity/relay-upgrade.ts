import { DiscoError } from "#protocol/errors.ts";
import { SUBPROTOCOL, TICKET_SUBPROTOCOL_PREFIX } from "#protocol/frames.ts";
import { TICKET_TTL_S } from "#protocol/limits.ts";
import type { AppContext } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { foreignOrigin } from "../http/cors.ts";
import { createRedis } from "../store/redis.ts";
import { createUsedTokens } from "../store/used-tokens.ts";
import { requireSignIn } from "./browser-sign-in.ts";
import { realmOf } from "./realm.ts";
import { verifyToken } from "./tokens.ts";

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
  await requireSignIn(context.env, claims, config.mode === "local");
  const used = createUsedTokens(createRedis(context.env));
  const unused = await used.redeem("ticket", claims.jti, TICKET_TTL_S);
  if (!unused) throw badTicket("The ticket was used already.");
  return context.env.CONTAINER_RELAY.getByName(container).fetch(context.req.raw);
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
