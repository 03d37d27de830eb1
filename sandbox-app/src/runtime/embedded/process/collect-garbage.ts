// Guests may replace it.
const { ArrayBuffer: Buffer } = globalThis;

/**
 * Together far more than the 64 MiB of buffers at which V8 looks whether any can be given back. The
 * one at which it does is still counted: so each is small.
 */
const BUFFERS = 128;
const BUFFER_BYTES = 4_194_304;

/**
 * Makes V8 collect the garbage of this thread now. There is no call for that; but whoever allocates
 * large buffers and drops them brings it about. The buffers cost nothing themselves: memory that
 * nobody has written to is not there yet.
 */
export function collectGarbage(): void {
  try {
    for (let count = 0; count < BUFFERS; count++) Reflect.construct(Buffer, [BUFFER_BYTES]);
  } catch {
    // Where there is no room for them, the browser has collected already.
  }
}
