import { Hono } from "hono";
import type { AppEnv } from "#worker/http/app-env.ts";
import { configOf } from "#worker/config.ts";
import { handleError } from "#worker/http/errors.ts";
import { resolveOrigins } from "#worker/http/origins.ts";
import { registryLimits } from "#worker/registry/limits.ts";
import { REGISTRY_PATH, registryProxy } from "#worker/registry/registry-proxy.ts";

export { ContainerRelay } from "#worker/relay/container-relay.ts";
export { EmbeddedRedis } from "#worker/store/embedded-redis.ts";

/** The registry proxy with limits that a test reaches in a moment. */
const app = new Hono<AppEnv>();
app.use(async (context, next) => {
  const config = configOf(context.env);
  context.set("config", config);
  context.set("logFields", {});
  context.set("requestId", crypto.randomUUID());
  const origins = resolveOrigins(config, new URL(context.req.url));
  if (origins) context.set("origins", origins);
  await next();
});
app.use(
  `${REGISTRY_PATH}*`,
  registryProxy({
    ...registryLimits,
    metadataMaxBytes: 4_000,
    tarballMaxBytes: 4_000,
    headersTimeoutMs: 300,
    totalTimeoutMs: 600,
    burst: 40,
    perSecond: 0,
  }),
);
app.onError(handleError);

export default app;
