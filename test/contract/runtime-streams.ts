import type { Process } from "#sandbox/runtime/runtime.ts";

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: string | null;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export async function bytesOf(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  if (stream === null) return new Uint8Array();
  // Not `new Response(stream)`: it takes only streams whose chunks have buffers of their own.
  const chunks: Uint8Array[] = [];
  for (let reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
  }
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

export async function finish(
  process: Process,
  input: Uint8Array = new Uint8Array(),
): Promise<Finished> {
  const writer = process.stdin.getWriter();
  const wrote = writer
    .write(input)
    .then(() => writer.close())
    .catch(() => {});
  const [stdout, stderr] = await Promise.all([bytesOf(process.stdout), bytesOf(process.stderr)]);
  await wrote;
  const exit = await process.exit;
  return { stdout: decode(stdout), stderr: decode(stderr), ...exit };
}

export interface Screen {
  type(text: string): Promise<void>;
  /** Waits until the terminal has shown this since the last call. */
  until(text: string): Promise<void>;
}

export function readScreen(process: Process): Screen {
  const reader = process.stdout.getReader();
  const writer = process.stdin.getWriter();
  const decoder = new TextDecoder();
  let shown = "";
  return {
    type: (text) => writer.write(encode(text)),
    until: async (text) => {
      while (!shown.includes(text)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`The terminal closed before ${JSON.stringify(text)}: ${shown}`);
        shown += decoder.decode(value, { stream: true });
      }
      shown = shown.slice(shown.indexOf(text) + text.length);
    },
  };
}
