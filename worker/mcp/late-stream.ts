interface Pace {
  /** Milliseconds after which an answer is late. */
  readonly lateMs: number;
  /** Milliseconds between two comments on the stream of a late one. */
  readonly keepAliveMs: number;
}

/**
 * An answer that comes at once is given as it is, with its own status; a late one becomes a stream of
 * events, on which comments are written until it comes. Only a write shows that a client went away.
 *
 * @param answer JSON or a stream of events; rejects when `leave` was called
 * @param leave called when the client goes away before the answer has ended
 */
export async function streamWhenLate(
  answer: Promise<Response>,
  { lateMs, keepAliveMs }: Pace,
  leave: () => void,
): Promise<Response> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), lateMs);
  try {
    const inTime = await Promise.race([answer, late]);
    return inTime ?? lateResponse(answer, keepAliveMs, leave);
  } finally {
    clearTimeout(timer);
  }
}

function lateResponse(answer: Promise<Response>, keepAliveMs: number, leave: () => void): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  void fill(writable, answer, keepAliveMs).catch(leave);
  return new Response(readable, {
    headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-cache, no-transform" },
  });
}

/** @throws when the client goes away, or no answer comes */
async function fill(
  writable: WritableStream<Uint8Array>,
  answer: Promise<Response>,
  keepAliveMs: number,
): Promise<void> {
  const encoder = new TextEncoder();
  const writer = writable.getWriter();
  const { promise: gone, reject } = Promise.withResolvers<never>();
  const timer = setInterval(() => {
    writer.write(encoder.encode(": still here\n\n")).catch(reject);
  }, keepAliveMs);
  try {
    const response = await Promise.race([answer, gone]);
    clearInterval(timer);
    if (isStream(response)) {
      for await (const bytes of response.body as ReadableStream<Uint8Array>) {
        await writer.write(bytes);
      }
    } else {
      await writer.write(encoder.encode(`event: message\ndata: ${await response.text()}\n\n`));
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => {});
    throw error;
  } finally {
    clearInterval(timer);
  }
}

function isStream(response: Response): boolean {
  return response.headers.get("Content-Type")?.startsWith("text/event-stream") ?? false;
}
