import product from "#worker/index.ts";
import { ContainerRelay as Relay } from "#worker/relay/container-relay.ts";

export { EmbeddedRedis } from "#worker/store/embedded-redis.ts";

/** The relay, and a way to let it die as it would with its machine. */
export class ContainerRelay extends Relay {
  crash(): void {
    this.ctx.abort("Ended by the test.");
  }
}

/** The product, and `POST /crash/{container}`. */
export default {
  async fetch(request, env, context) {
    const [, place, container = ""] = new URL(request.url).pathname.split("/");
    if (place !== "crash") return product.fetch(request, env, context);
    const relay = env.CONTAINER_RELAY.getByName(container) as unknown as { crash(): Promise<void> };
    // The object cannot answer that it has died.
    await relay.crash().catch(() => {});
    return new Response(null, { status: 204 });
  },
} satisfies ExportedHandler<Env>;
