import { createApp } from "#worker/app.ts";
import { gitLimits } from "#worker/git/limits.ts";

export { ContainerRelay } from "#worker/relay/container-relay.ts";
export { EmbeddedRedis } from "#worker/store/embedded-redis.ts";

/** The product with limits on git's requests that a test reaches in a moment. */
export default createApp({
  git: {
    ...gitLimits,
    responseMaxBytes: 4_000,
    silenceMs: 500,
    totalMs: 2_000,
    recheckMs: 100,
    burst: 25,
    perSecond: 0,
  },
});
