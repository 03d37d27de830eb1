import { DiscoError } from "#protocol/errors.ts";
import type { CallRequest } from "#worker/relay/link.ts";
import { ContainerRelay } from "#worker/relay/container-relay.ts";
import { createRelayLink } from "#worker/relay/relay-client.ts";
import { type Command, EmbeddedRedis } from "#worker/store/embedded-redis.ts";

export { ContainerRelay, EmbeddedRedis };

/**
 * Relay and store without the product's door, so that their tests need no tokens and no page:
 *
 * - `GET /relay/{container}`: the upgrade, as it is forwarded once Origin and ticket were checked
 * - `POST /rpc/{container}/{call|cancel|attachment}`: the relay's own methods
 * - `POST /link/{container}`: a call as `execute` makes it
 * - `POST /store/{single|pipeline|multiExec}`: the embedded store's own methods
 */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const [, place, name = "", method] = new URL(request.url).pathname.split("/");
    const relay = env.CONTAINER_RELAY.getByName(name);
    if (place === "relay") return relay.fetch(request);
    const body: unknown = await request.json();
    if (place === "store") return Response.json(await callStore(env, name, body));
    if (place === "link") return Response.json(await callThroughLink(relay, name, body));
    return Response.json(await callRelay(relay, method ?? "", body));
  },
};

async function callRelay(
  relay: DurableObjectStub<ContainerRelay>,
  method: string,
  body: unknown,
): Promise<unknown> {
  const { id, request } = body as { id: string; request: CallRequest };
  if (method === "call") return await relay.call(id, request);
  if (method === "cancel") return (await relay.cancel(id)) ?? null;
  return await relay.attachment();
}

async function callThroughLink(
  relay: DurableObjectStub<ContainerRelay>,
  container: string,
  body: unknown,
): Promise<unknown> {
  const { request, cancelAfterMs } = body as { request: CallRequest; cancelAfterMs?: number };
  const signal = cancelAfterMs === undefined ? undefined : AbortSignal.timeout(cancelAfterMs);
  try {
    return { ok: true, output: await createRelayLink(relay, container).call(request, signal) };
  } catch (error) {
    if (!(error instanceof DiscoError)) throw error;
    return { ok: false, error: error.toBody() };
  }
}

async function callStore(env: Env, method: string, body: unknown): Promise<unknown> {
  const store = env.EMBEDDED_REDIS.getByName("contract");
  if (method === "pipeline") return await store.pipeline(body as Command[]);
  if (method === "multiExec") return await store.multiExec(body as Command[]);
  return await store.single(body as Command);
}
