import { DiscoError } from "#protocol/errors.ts";
import { readTarget, type Self } from "../../egress/target.ts";

/** Bytes of a client's document (draft-ietf-oauth-client-id-metadata-document-00, section 6.6). */
const DOCUMENT_MAX_BYTES = 5 * 1_024;

/** Milliseconds for the whole of it: a person waits in front of the consent page. */
const DOCUMENT_TIMEOUT_MS = 10_000;

/**
 * Seconds that a document is believed: what it asks for, within these bounds. The longest spares the
 * requests of one sign-in from reading it again, and is no way to have us keep things.
 */
const CACHE_MIN_S = 60;
export const CACHE_MAX_S = 10 * 60;

export interface FetchedDocument {
  readonly value: unknown;
  /** Seconds that it may be kept. */
  readonly maxAgeS: number;
}

/**
 * Reads a public JSON document that a stranger named: https, a public name, no redirect followed, a
 * few kilobytes, within seconds. Addresses, private names and our own hosts are refused before
 * anything is sent; what a public name resolves to is the platform's part
 * (`global_fetch_strictly_public`).
 *
 * @throws DiscoError `network_refused` for a place that is never asked, `network_unavailable` for
 *   everything that comes back wrong
 */
export async function fetchDocument(url: string, self: Self): Promise<FetchedDocument> {
  const { scheme } = readTarget(url, self);
  if (scheme !== "https") throw new DiscoError("network_refused", "Only https is asked.");
  const signal = AbortSignal.timeout(DOCUMENT_TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      headers: { Accept: "application/json" },
      redirect: "manual",
      cache: "no-store",
      signal,
    });
    const value = await readDocument(response);
    return { value, maxAgeS: maxAgeOf(response.headers.get("Cache-Control") ?? "") };
  } catch (error) {
    if (error instanceof DiscoError) throw error;
    const cause = error;
    throw new DiscoError("network_unavailable", "The document cannot be read.", { cause });
  }
}

async function readDocument(response: Response): Promise<unknown> {
  const type = (response.headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase();
  const isJson = type === "application/json" || (type?.endsWith("+json") ?? false);
  if (response.status !== 200 || !isJson || response.body === null) {
    await response.body?.cancel();
    throw unreadable(`It was answered with ${response.status} and ${type || "no type"}.`);
  }
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let bytes = 0;
  let text = "";
  // Leaving the loop early cancels the stream.
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > DOCUMENT_MAX_BYTES) throw unreadable(`It has over ${DOCUMENT_MAX_BYTES} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return JSON.parse(text + decoder.decode()) as unknown;
}

function unreadable(why: string): DiscoError {
  return new DiscoError("network_unavailable", `The document cannot be used. ${why}`);
}

function maxAgeOf(cacheControl: string): number {
  if (/\bno-(?:store|cache)\b/i.test(cacheControl)) return CACHE_MIN_S;
  const told = /\bmax-age\s*=\s*"?(\d{1,9})/i.exec(cacheControl)?.[1];
  const seconds = told === undefined ? CACHE_MAX_S : Number(told);
  return Math.min(CACHE_MAX_S, Math.max(CACHE_MIN_S, seconds));
}
