import { DiscoError } from "#protocol/errors.ts";
import type { CallRequest } from "#worker/relay/link.ts";
import { ContainerRelay as Relay } from "#worker/relay/container-relay.ts";
import { createRelayLink, type RelayPort } from "#worker/relay/relay-client.ts";
import { type Command, EmbeddedRedis as Store } from "#worker/store/embedded-redis.ts";

/** The store, and its alarm at once. */
export class EmbeddedRedis extends Store {
  async sweep(): Promise<void> {
    await this.alarm();
  }
}

/** The relay, with ways to tell its lives apart and to let it die as it would with its machine. */
export class ContainerRelay extends Relay {
  readonly #life = crypto.randomUUID();

  life(): string {
    return this.#life;
  }

  crash(): void {
    this.ctx.abort("Ended by the test.");
  }
}

/**
 * Relay and store without the product's door, so that their tests need no tokens and no page:
 *
 * - `GET /relay/{container}`: the upgrade, as it is forwarded once Origin and ticket were checked
 * - `POST /rpc/{container}/{call|cancel|attachment|life|crash}`: the relay's own methods
 * - `POST /link/{container}`: a call as `execute` makes it
 * - `POST /store/{single|pipeline|multiExec|sweep}`: the embedded store's own methods
 */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const [, place, name = "", method] = new URL(request.url).pathname.split("/");
    const relay = openRelay(env, name);
    if (place === "relay") return relay.fetch(request);
    const body: unknown = await request.json();
    if (place === "store") return Response.json(await callStore(env, name, body));
    if (place === "link") return Response.json(await callThroughLink(env, name, body));
    return Response.json(await callRelay(relay, method ?? "", body));
  },
};

type RelayStub = RelayPort & {
  fetch: Fetcher["fetch"];
  life(): Promise<string>;
  crash(): Promise<void>;
};

function openRelay(env: Env, container: string): RelayStub {
  // The stub's own type cannot be computed: an outcome holds any JSON, which is recursive.
  return env.CONTAINER_RELAY.getByName(container) as unknown as RelayStub;
}

async function callRelay(relay: RelayStub, method: string, body: unknown): Promise<unknown> {
  const { id, request } = body as { id: string; request: CallRequest };
  if (method === "call") return await relay.call(id, request);
  if (method === "cancel") return (await relay.cancel(id)) ?? null;
  if (method === "life") return await relay.life();
  if (method === "crash") {
    // The object cannot answer that it has died.
    return await relay.crash().then(
      () => null,
      () => null,
    );
  }
  return await relay.attachment();
}

async function callThroughLink(env: Env, container: string, body: unknown): Promise<unknown> {
  const { request, cancelAfterMs } = body as { request: CallRequest; cancelAfterMs?: number };
  const signal = cancelAfterMs === undefined ? undefined : AbortSignal.timeout(cancelAfterMs);
  try {
    const link = createRelayLink(() => openRelay(env, container), container);
    return { ok: true, output: await link.call(request, signal) };
  } catch (error) {
    if (!(error instanceof DiscoError)) throw error;
    return { ok: false, error: error.toBody() };
  }
}

async function callStore(env: Env, method: string, body: unknown): Promise<unknown> {
  const store = env.EMBEDDED_REDIS.getByName("contract") as unknown as EmbeddedRedis;
  if (method === "sweep") return (await store.sweep()) ?? null;
  if (method === "pipeline") return await store.pipeline(body as Command[]);
  if (method === "multiExec") return await store.multiExec(body as Command[]);
  return await store.single(body as Command);
}
