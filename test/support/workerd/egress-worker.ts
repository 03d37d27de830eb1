import { createApp } from "#worker/app.ts";
import { egressLimits } from "#worker/egress/limits.ts";

export { ContainerRelay } from "#worker/relay/container-relay.ts";
export { EmbeddedRedis } from "#worker/store/embedded-redis.ts";

/** The product with limits on requests to other hosts that a test reaches in a moment. */
export default createApp({
  egress: {
    ...egressLimits,
    responseMaxBytes: 4_000,
    silenceMs: 400,
    totalMs: 1_500,
    recheckMs: 100,
    burst: 30,
    perSecond: 0,
  },
});
