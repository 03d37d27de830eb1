import type { NodeContext } from "../../context.ts";

/** Lets each read of a blob's stream keep the process alive, as Node does: browsers read elsewhere. */
export function trackBlobStreams(node: NodeContext): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the blob below
  const native = Blob.prototype.stream;
  Object.defineProperty(Blob.prototype, "stream", {
    configurable: true,
    enumerable: true,
    writable: true,
    value: function stream(this: Blob) {
      const reader = Reflect.apply(native, this, []).getReader();
      return new ReadableStream({
        type: "bytes",
        async pull(controller) {
          const { done, value } = await node.loop.track("BLOBREADER", reader.read());
          if (!done) return controller.enqueue(value);
          controller.close();
          // Whoever reads into a buffer of their own waits until it is given back.
          controller.byobRequest?.respond(0);
        },
        cancel: (reason) => reader.cancel(reason),
      });
    },
  });
}
