/** Bytes that one package may unpack to; the whole workspace has little more. */
const UNPACKED_MAX_BYTES = 512 * 1024 * 1024;

type Bytes = Uint8Array<ArrayBuffer>;

/** @throws Error when it is no gzip (RFC 1952), or unpacks to more than a container can hold */
export async function gunzip(bytes: Bytes): Promise<Bytes> {
  return collect(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}

export async function gzip(bytes: Bytes): Promise<Bytes> {
  return collect(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip")));
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > UNPACKED_MAX_BYTES) {
      await reader.cancel();
      throw new Error(`the archive unpacks to more than ${UNPACKED_MAX_BYTES} bytes`);
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
