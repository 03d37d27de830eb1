import { BrotliDecStream, BrotliDecStreamErrCode, initSync } from "brotli-dec-wasm/web";
import decoderUrl from "brotli-dec-wasm/web/bg.wasm?url";
import type { Natives } from "../../context.ts";
import type { Codec } from "./codecs.ts";

/** Bytes that the decoder gives at once. */
const OUTPUT_BYTES = 65_536;
/** `BrotliStreamResultCode`: everything is there; what is missing. */
const DONE = 1;
const NEEDS_MORE_OUTPUT = 3;

let isReady = false;

/** Brotli (RFC 7932), read as it comes. The decoder is fetched when a program first needs it. */
export function brotliDecoder(natives: Natives): Codec {
  if (!isReady) {
    initSync({ module: new Uint8Array(natives.loadSync(decoderUrl)) });
    isReady = true;
  }
  const stream = new BrotliDecStream();
  let isDone = false;
  const codec: Codec = {
    ondata: () => undefined,
    push(bytes, final = false) {
      let rest = bytes;
      let code = 0;
      // What follows the end is not read, as in Node.
      while (!isDone) {
        const result = decode(stream, rest);
        ({ code } = result);
        codec.ondata(result.buf, false);
        rest = rest.subarray(result.input_offset);
        isDone = code === DONE;
        if (code !== NEEDS_MORE_OUTPUT) break;
      }
      if (!final) return;
      stream.free();
      if (!isDone) throw new Error("unexpected EOF");
      codec.ondata(new Uint8Array(), true);
    },
  };
  return codec;
}

/** @throws Error with Node's code for what is no Brotli */
function decode(stream: BrotliDecStream, bytes: Uint8Array) {
  try {
    return stream.dec(bytes, OUTPUT_BYTES);
  } catch (cause) {
    const errno = Number(/-\d+$/.exec((cause as Error).message)?.[0] ?? -1);
    const name = (BrotliDecStreamErrCode[-errno] ?? "BROTLI_DECODER_ERROR_UNREACHABLE").replace(
      "BROTLI_DECODER",
      "",
    );
    throw Object.assign(new Error("Decompression failed"), { errno, code: `ERR_${name}` });
  }
}
