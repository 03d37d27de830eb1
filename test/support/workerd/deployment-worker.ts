import { createApp } from "#worker/app.ts";

export { ContainerRelay } from "#worker/relay/container-relay.ts";
export { EmbeddedRedis } from "#worker/store/embedded-redis.ts";

const app = createApp();

/**
 * The product behind https: the harness tells every worker that it is asked by http, and rewrites its
 * own origin in the headers to match.
 */
export default {
  fetch(request, env, context) {
    const url = new URL(request.url);
    const headers = new Headers(request.headers);
    const isOwn = headers.get("Origin") === url.origin;
    url.protocol = "https:";
    if (isOwn) headers.set("Origin", url.origin);
    return app.fetch(new Request(url, new Request(request, { headers })), env, context);
  },
} satisfies ExportedHandler<Env>;
