import { DiscoError } from "#protocol/errors.ts";
import { challengeFor } from "../identity/challenge.ts";
import { rpcErrorOf } from "../mcp/rpc-error.ts";
import type { AppContext } from "./app-env.ts";
import { MCP_PATHS } from "./mcp-route.ts";
import type { Origins } from "./origins.ts";
import { problemResponse } from "./problem.ts";
import { MethodNotAllowed } from "./routes.ts";

/** Every error that leaves the worker passes here: as JSON-RPC on /mcp, as a problem elsewhere. */
export function handleError(thrown: Error, context: AppContext): Response {
  const error = DiscoError.from(thrown);
  const requestId = context.get("requestId");
  context.get("logFields")["error"] = error.code;
  if (error.code === "internal") logInternal(error, requestId);
  const isMcp = MCP_PATHS.includes(context.req.path);
  // A host that is not served must not appear in a link.
  const origins = context.get("origins") as Origins | undefined;
  const response = isMcp
    ? rpcErrorOf(error)
    : problemResponse(error, { requestId, origin: origins?.app });
  const challenge = challengeFor(error, context.req.raw.headers, origins?.app);
  if (challenge !== null) response.headers.set("WWW-Authenticate", challenge);
  if (error instanceof MethodNotAllowed) response.headers.set("Allow", error.allow);
  return response;
}

/** The one place where the cause of our own mistakes is told; callers get the request id only. */
function logInternal(error: DiscoError, requestId: string): void {
  const { cause } = error;
  console.error({
    event: "internal_error",
    request_id: requestId,
    message: error.message,
    cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
  });
}
