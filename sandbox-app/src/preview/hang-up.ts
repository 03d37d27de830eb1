/** A server that has said all closes at once; one that does not is left alone after this. */
const LINGER_MS = 2_000;

/**
 * Ends a connection on which everything was said, as browsers do: our direction ends, and the server
 * ends its own. Cutting it would be an error in the eyes of the server, and many servers do not expect
 * one there.
 */
export async function hangUp(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  const timer = setTimeout(() => void cut(reader, writer), LINGER_MS);
  try {
    await writer.close();
    while (!(await reader.read()).done);
  } catch {
    // The other end was quicker.
  } finally {
    clearTimeout(timer);
  }
}

/** Ends both directions at once, whatever is on the way. */
export async function cut(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  await Promise.allSettled([reader.cancel(), writer.abort()]);
}
