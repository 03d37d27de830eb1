import type { IncomingResponse } from "./exchange.ts";

/** Codings that servers use although none was asked for, as the platform names them. */
const FORMATS: Readonly<Record<string, string>> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  br: "brotli",
};

/**
 * The body without its content coding (RFC 9110, section 8.4): browsers do not decode what a service
 * worker answers.
 *
 * @throws TypeError when this browser does not know the coding
 */
export function decodeBody({ headers, body }: IncomingResponse): ReadableStream<Uint8Array> | null {
  const codings = headers
    .filter(([name]) => name.toLowerCase() === "content-encoding")
    .flatMap(([, value]) => value.toLowerCase().split(","))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
  // The last one was applied last.
  return codings.reduceRight<ReadableStream<Uint8Array> | null>((stream, coding) => {
    const format = FORMATS[coding];
    if (format === undefined) throw new TypeError(`The content coding ${coding} is not known.`);
    const decoder = new DecompressionStream(format as CompressionFormat);
    return stream?.pipeThrough(decoder as TransformStream<Uint8Array, Uint8Array>) ?? null;
  }, body);
}
