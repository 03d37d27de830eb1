/**
 * Passes bytes on until there are too many of them, or it has taken too long; then both ends break,
 * so that what was received can never be taken for the whole.
 *
 * @param abort called with the reason, to end the transfer upstream
 */
export function boundedStream(
  body: ReadableStream<Uint8Array>,
  limits: { readonly maxBytes: number; readonly timeoutMs: number },
  abort: (reason: Error) => void,
): ReadableStream<Uint8Array> {
  let bytes = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const bound = new TransformStream<Uint8Array, Uint8Array>({
    start(controller) {
      timer = setTimeout(() => {
        const reason = new Error(`The registry sent for more than ${limits.timeoutMs} ms.`);
        controller.error(reason);
        abort(reason);
      }, limits.timeoutMs);
    },
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > limits.maxBytes) {
        const reason = new Error(`The registry sent more than ${limits.maxBytes} bytes.`);
        clearTimeout(timer);
        controller.error(reason);
        abort(reason);
        return;
      }
      controller.enqueue(chunk);
    },
    flush: () => clearTimeout(timer),
  });
  return body.pipeThrough(bound);
}
