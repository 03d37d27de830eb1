import { concat, fromLatin1, latin1 } from "../http/bytes.ts";
import { insertionPoint, SEARCH_MAX_BYTES } from "./insertion-point.ts";

/**
 * Puts markup where it comes before all scripts of an HTML document. Only its start is held back, so a
 * document that comes in parts is shown in parts.
 *
 * @param markup of ASCII characters, so that it means the same in every encoding built on ASCII
 */
export function insertScript(markup: string): TransformStream<Uint8Array, Uint8Array> {
  let held: Uint8Array | null = new Uint8Array();
  const decide = (
    controller: TransformStreamDefaultController<Uint8Array>,
    isWhole: boolean,
  ): void => {
    if (held === null) return;
    const found = insertionPoint(latin1(held.subarray(0, SEARCH_MAX_BYTES)), isWhole);
    if (found === "more") return;
    if (found === "none") {
      controller.enqueue(held);
    } else {
      if (found > 0) controller.enqueue(held.subarray(0, found));
      controller.enqueue(fromLatin1(markup));
      if (found < held.length) controller.enqueue(held.subarray(found));
    }
    held = null;
  };
  return new TransformStream({
    transform(chunk, controller) {
      if (held === null) return controller.enqueue(chunk);
      held = concat(held, chunk);
      decide(controller, false);
    },
    flush: (controller) => decide(controller, true),
  });
}
