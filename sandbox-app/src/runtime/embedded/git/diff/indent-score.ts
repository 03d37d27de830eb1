/** How badly a place between two lines parts what belongs together; smaller is better. */
export interface Score {
  readonly indent: number;
  readonly penalty: number;
}

/*
 * The weights were found by git's developers on a corpus of real changes ("diff: improve positioning
 * of add/delete blocks", 2016); they stand here since the same places must come out.
 */
const START_OF_FILE = 1;
const END_OF_FILE = 21;
const EACH_BLANK = -30;
const EACH_BLANK_BEHIND = 6;
const INDENTED = { plain: -4, withBlank: 10 };
const OUTDENTED = { plain: 24, withBlank: 17 };
const DEDENTED = { plain: 23, withBlank: 17 };
const INDENT_WEIGHT = 60;
const INDENT_MAX = 200;
const BLANKS_MAX = 20;
const TAB = 8;

const BLANK = -1;

function indentOf(line: string | undefined): number {
  let indent = 0;
  for (const char of line ?? "") {
    if (char === " ") indent += 1;
    else if (char === "\t") indent += TAB - (indent % TAB);
    else if (!/\s/.test(char)) return indent;
    if (indent >= INDENT_MAX) return INDENT_MAX;
  }
  return BLANK;
}

/** The nearest line that is not blank, and the blank ones on the way. */
function look(
  lines: readonly string[],
  from: number,
  step: 1 | -1,
): { blanks: number; indent: number } {
  let blanks = 0;
  for (let at = from; at >= 0 && at < lines.length; at += step) {
    const indent = indentOf(lines[at]);
    if (indent !== BLANK) return { blanks, indent };
    blanks += 1;
    if (blanks === BLANKS_MAX) return { blanks, indent: 0 };
  }
  return { blanks, indent: BLANK };
}

export function scoreOf(lines: readonly string[], split: number): Score {
  const isEnd = split >= lines.length;
  const own = isEnd ? BLANK : indentOf(lines[split]);
  const before = look(lines, split - 1, -1);
  const behind = look(lines, split + 1, 1);
  let penalty = 0;
  if (before.indent === BLANK && before.blanks === 0) penalty += START_OF_FILE;
  if (isEnd) penalty += END_OF_FILE;
  const blanksBehind = own === BLANK ? 1 + behind.blanks : 0;
  const blanks = before.blanks + blanksBehind;
  penalty += EACH_BLANK * blanks + EACH_BLANK_BEHIND * blanksBehind;
  const indent = own === BLANK ? behind.indent : own;
  if (indent !== BLANK && before.indent !== BLANK && indent !== before.indent) {
    const isBlock = behind.indent !== BLANK && behind.indent > indent;
    const kind = indent > before.indent ? INDENTED : isBlock ? OUTDENTED : DEDENTED;
    penalty += blanks === 0 ? kind.plain : kind.withBlank;
  }
  return { indent, penalty };
}

export function compareScores(one: Score, other: Score): number {
  return INDENT_WEIGHT * Math.sign(one.indent - other.indent) + one.penalty - other.penalty;
}
