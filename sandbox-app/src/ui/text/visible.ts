/**
 * Characters that change how text reads without being seen: bidi controls (UAX #9, 2), zero-width
 * and invisible characters, line separators, fillers, tags, lone surrogates.
 */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|\u034f|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** Colour and weight only (ECMA-48, 8.3.117): dropping it hides nothing, keeping it hides the text. */
// oxlint-disable-next-line no-control-regex -- the escape character opens the sequence
const COLOUR = /\u001b\[[\d;:]*m/g;

/** The abbreviations of C0 (ISO 646); control pictures are missing in too many fonts. */
const C0 =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(
    " ",
  );
const DELETE = 0x7f;

/**
 * Untrusted text for one line: every control, bidi and invisible character becomes a visible mark,
 * so that what a person reads is what is there.
 */
export function visibleLine(text: string): string {
  return text.replace(HIDDEN, mark);
}

/** As `visibleLine`, but line breaks and tabs stay, for blocks that keep white space. */
export function visibleBlock(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(HIDDEN, (hidden) => (hidden === "\n" || hidden === "\t" ? hidden : mark(hidden)));
}

/** Output of a program as a block: colours are dropped, all other escapes are made visible. */
export function visibleOutput(text: string): string {
  return visibleBlock(text.replace(COLOUR, ""));
}

function mark(hidden: string): string {
  const code = hidden.codePointAt(0) ?? 0;
  if (code < C0.length) return `‹${C0[code]}›`;
  if (code === DELETE) return "‹DEL›";
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}
