/**
 * Turns the registry's own URLs in its metadata into ours, while the metadata streams by: parsing
 * megabytes of JSON would cost a stateless worker more than all the rest of the request. Only whole
 * string values that begin with the registry's base are touched, in both spellings that JSON has for
 * a slash (RFC 8259, section 7). URLs of other hosts stay as they are, and the client refuses them.
 *
 * @param registry base URL with its final slash
 * @param own base URL that takes its place, with its final slash
 */
export function rewriteUrls(
  registry: string,
  own: string,
): TransformStream<Uint8Array, Uint8Array> {
  const plain = `"${registry}`;
  const escaped = plain.replaceAll("/", "\\/");
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let held = "";
  const rewrite = (text: string): string =>
    text.replaceAll(plain, `"${own}`).replaceAll(escaped, `"${own}`);
  return new TransformStream({
    transform(chunk, controller) {
      const text = rewrite(held + decoder.decode(chunk, { stream: true }));
      // A base may be cut by the chunk's end: what could still become one waits for the next chunk.
      const from = Math.max(0, text.length - escaped.length + 1);
      const quote = startOfPart(text, from, plain, escaped);
      held = text.slice(quote);
      if (quote > 0) controller.enqueue(encoder.encode(text.slice(0, quote)));
    },
    flush(controller) {
      const rest = rewrite(held + decoder.decode());
      if (rest !== "") controller.enqueue(encoder.encode(rest));
    },
  });
}

/** Where the first beginning of one of the words starts that the text's end cuts off; else the end. */
function startOfPart(text: string, from: number, ...words: readonly string[]): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    const tail = text.slice(at);
    if (words.some((word) => word.startsWith(tail))) return at;
  }
  return text.length;
}
