import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./app-env.ts";

/** One structured line per request. The query is left out: people put secrets there. */
export const requestLog: MiddlewareHandler<AppEnv> = async (context, next) => {
  const started = Date.now();
  context.set("requestId", crypto.randomUUID());
  context.set("logFields", {});
  await next();
  console.log({
    event: "request",
    request_id: context.get("requestId"),
    method: context.req.method,
    host: new URL(context.req.url).host,
    path: context.req.path.slice(0, 200),
    status: context.res.status,
    duration_ms: Date.now() - started,
    ...context.get("logFields"),
  });
};
