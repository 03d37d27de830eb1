import { DiscoError } from "#protocol/errors.ts";
import { ADMITTED_MS } from "./admission.ts";

/** Milliseconds that an open stream goes on while the store cannot say whether it may. */
const UNCONFIRMED_MAX_MS = 60_000;

/**
 * An answer that ends when its caller is no longer admitted: what was revoked must not go on by a
 * stream that was opened before.
 *
 * @param admitted throws `unauthenticated` once the caller is not
 */
export function guardedStream(
  body: ReadableStream<Uint8Array>,
  admitted: () => Promise<unknown>,
  intervalMs: number = ADMITTED_MS,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const { promise: revoked, resolve: revoke } = Promise.withResolvers<"revoked">();
  let confirmedAt = Date.now();
  const timer = setInterval(() => {
    admitted().then(
      () => {
        confirmedAt = Date.now();
      },
      (error: unknown) => {
        const isRefused = error instanceof DiscoError && error.code === "unauthenticated";
        if (isRefused || Date.now() - confirmedAt > UNCONFIRMED_MAX_MS) revoke("revoked");
      },
    );
  }, intervalMs);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await Promise.race([reader.read(), revoked]);
        if (next !== "revoked" && !next.done) return controller.enqueue(next.value);
        clearInterval(timer);
        controller.close();
        if (next === "revoked") await reader.cancel("The client's access has ended.");
      } catch (error) {
        clearInterval(timer);
        controller.error(error);
      }
    },
    async cancel(reason) {
      clearInterval(timer);
      await reader.cancel(reason);
    },
  });
}
