import { DiscoError } from "#protocol/errors.ts";
import { REQUEST_BODY_MAX_BYTES } from "#protocol/limits.ts";

const tooLarge = (): DiscoError =>
  new DiscoError("too_large", `The body is larger than ${REQUEST_BODY_MAX_BYTES} bytes.`, {
    details: { max_bytes: REQUEST_BODY_MAX_BYTES },
  });

/**
 * The body as text. What it really holds is counted, because `Content-Length` may be absent (chunked)
 * or wrong.
 *
 * @throws DiscoError `too_large` as soon as the limit is passed, `invalid_json` when it is not UTF-8
 */
export async function readBodyText(request: Request): Promise<string> {
  if (Number(request.headers.get("Content-Length") ?? 0) > REQUEST_BODY_MAX_BYTES) throw tooLarge();
  if (request.body === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let bytes = 0;
  let text = "";
  try {
    for await (const chunk of request.body as ReadableStream<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > REQUEST_BODY_MAX_BYTES) throw tooLarge();
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof DiscoError) throw error;
    throw new DiscoError("invalid_json", "The body is not UTF-8.", { cause: error });
  }
}

/** @throws DiscoError `unsupported_media_type`, unless the body is declared as JSON */
export function requireJson(headers: Headers): void {
  const type = headers.get("Content-Type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "application/json" || type.endsWith("+json")) return;
  const message =
    type === "" ? "The body has no Content-Type." : `The body is ${type.slice(0, 100)}.`;
  throw new DiscoError("unsupported_media_type", message);
}

/** @throws DiscoError `unsupported_media_type`, `too_large`, or `invalid_json` */
export async function readJson(request: Request): Promise<unknown> {
  requireJson(request.headers);
  return parseJson(await readBodyText(request));
}

/** @throws DiscoError `invalid_json` */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const message = text === "" ? "The body is empty." : "The body is not valid JSON.";
    throw new DiscoError("invalid_json", message, { cause: error });
  }
}
