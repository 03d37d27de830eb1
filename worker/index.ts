import { createApp } from "./app.ts";

export { ContainerRelay } from "./relay/container-relay.ts";
export { EmbeddedRedis } from "./store/embedded-redis.ts";

const app = createApp();

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
} satisfies ExportedHandler<Env>;
