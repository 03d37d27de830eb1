import { InMemoryServerEventBus } from "@modelcontextprotocol/server";
import { createFixtureServer } from "./conformance/fixture-server.ts";
import { createApp } from "#worker/app.ts";
import { mintLocalToken } from "#worker/identity/tokens.ts";
import type { McpCaller } from "#worker/mcp/caller.ts";
import { createMcpEndpoint } from "#worker/mcp/endpoint.ts";
import { createEventRows } from "#worker/mcp/event-rows.ts";
import { createSessionRows } from "#worker/mcp/session-rows.ts";
import { ContainerRelay as Relay } from "#worker/relay/container-relay.ts";

export { EmbeddedRedis } from "#worker/store/embedded-redis.ts";

/** The relay, whose endpoint leads to the suites' own tools instead of the product's. */
export class ContainerRelay extends Relay {
  readonly #endpoint = endpointOf(this.ctx.storage.sql);

  override mcp(request: Request, caller: McpCaller): Promise<Response> {
    return this.#endpoint.handle(request, caller);
  }
}

function endpointOf(sql: SqlStorage) {
  const changes = new InMemoryServerEventBus();
  return createMcpEndpoint({
    createServer: () => createFixtureServer(changes),
    sessions: createSessionRows(sql),
    events: createEventRows(sql),
    changes,
  });
}

const app = createApp();

/** The product's own door. The suites send no credentials, so a token is put into their hands. */
export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    const headers = new Headers(request.headers);
    if (!headers.has("Authorization")) {
      // A variable that only some deployments have is no part of the generated type.
      const { DISCO_LOCAL_SECRET: secret = "" } = env as { DISCO_LOCAL_SECRET?: string };
      headers.set("Authorization", `Bearer ${await mintLocalToken(secret)}`);
    }
    return app.fetch(new Request(request, { headers }), env, context);
  },
};
