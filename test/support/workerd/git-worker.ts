import { createApp } from "#worker/app.ts";
import { gitLimits } from "#worker/git/limits.ts";

export { ContainerRelay } from "#worker/relay/container-relay.ts";
export { EmbeddedRedis } from "#worker/store/embedded-redis.ts";

/** The product for tests that run git as fast as they can. */
export default createApp({ git: { ...gitLimits, burst: 100_000 } });
