import { DiscoError } from "#protocol/errors.ts";

/** Bytes of a token request or a consent form; the longest part is a redirect URI. */
const FORM_MAX_BYTES = 16 * 1_024;

export interface Form {
  readonly fields: URLSearchParams;
  readonly text: string;
}

/**
 * A form's body (RFC 6749, appendix B). A field that stands there twice could be read in two ways
 * (section 3.2), so only `resource` may (RFC 8707, section 2).
 *
 * @throws DiscoError `unsupported_media_type`, `too_large`, `invalid_input`
 */
export async function readForm(request: Request): Promise<Form> {
  const type = request.headers.get("Content-Type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") {
    throw new DiscoError("unsupported_media_type", "The body is no form.");
  }
  const text = await readShort(request);
  const fields = new URLSearchParams(text);
  requireSingle(fields);
  return { fields, text };
}

/** @throws DiscoError `invalid_input` when a parameter is given twice */
export function requireSingle(fields: URLSearchParams): void {
  for (const name of new Set(fields.keys())) {
    if (name !== "resource" && fields.getAll(name).length > 1) {
      const message = `The parameter ${JSON.stringify(name.slice(0, 40))} is given twice.`;
      throw new DiscoError("invalid_input", message);
    }
  }
}

/** @throws DiscoError `too_large`, `invalid_input` */
export async function readShort(request: Request): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let bytes = 0;
  let text = "";
  try {
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > FORM_MAX_BYTES) {
        throw new DiscoError("too_large", `The body is larger than ${FORM_MAX_BYTES} bytes.`);
      }
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof DiscoError) throw error;
    throw new DiscoError("invalid_input", "The body is not UTF-8.", { cause: error });
  }
}
