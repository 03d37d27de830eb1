import { BadResponse, type ResponseHead } from "./response-head.ts";

export type BodyLength =
  | { readonly kind: "none" | "chunked" | "until_end" }
  | { readonly kind: "fixed"; readonly bytes: number };

/** Answers that have no body; the browser takes none with them either (Fetch, "null body status"). */
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * How long the body of a response is (RFC 9112, section 6.3).
 *
 * @throws BadResponse when the headers contradict each other
 */
export function bodyLength(method: string, { status, headers }: ResponseHead): BodyLength {
  if (status === 101) return { kind: "until_end" };
  if (method === "HEAD" || status < 200 || WITHOUT_BODY.has(status)) return { kind: "none" };
  const coding = valuesOf(headers, "transfer-encoding").at(-1)?.toLowerCase();
  if (coding !== undefined) return { kind: coding === "chunked" ? "chunked" : "until_end" };
  const lengths = new Set(valuesOf(headers, "content-length"));
  if (lengths.size === 0) return { kind: "until_end" };
  const [text = ""] = lengths;
  if (lengths.size > 1 || !/^\d{1,15}$/.test(text)) {
    throw new BadResponse("The answer's Content-Length is not valid.");
  }
  const bytes = Number(text);
  return bytes === 0 ? { kind: "none" } : { kind: "fixed", bytes };
}

/** All values of a header that may stand several times, or hold a list (RFC 9110, section 5.3). */
function valuesOf(headers: ResponseHead["headers"], name: string): string[] {
  return headers
    .filter(([given]) => given.toLowerCase() === name)
    .flatMap(([, value]) => value.split(","))
    .map((value) => value.trim());
}
