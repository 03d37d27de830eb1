/** Scripts and blocks that terminals draw two cells wide (Unicode UAX #11, classes W and F). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** What a person takes for characters (Unicode UAX #29). */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Cells that one grapheme takes on the screen; 0 for a line feed. */
export function widthOf(grapheme: string): number {
  if (grapheme === "\n") return 0;
  if (/^\p{M}+$/u.test(grapheme)) return 0;
  return wide.test(grapheme) || grapheme.includes("\ufe0f") ? 2 : 1;
}
