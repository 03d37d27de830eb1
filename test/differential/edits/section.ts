/** One line of a hunk of git's: its sign, and the text with a `\r` that belongs to it. */
export interface SectionLine {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

export interface SectionHunk {
  /** Line of the old file before which, or from which on, it stands; from 0. */
  readonly at: number;
  readonly lines: readonly SectionLine[];
}

/** Reads git's diff of one file by its counts, which git does not get wrong. */
export function hunksOf(section: string): SectionHunk[] {
  const lines = section.split("\n");
  const hunks: SectionHunk[] = [];
  for (let at = 0; at < lines.length;) {
    const header = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(lines[at]!);
    at += 1;
    if (header === null) continue;
    let [old, now] = [Number(header[2] ?? 1), Number(header[3] ?? 1)];
    const hunk = { at: Number(header[1]) - (old === 0 ? 0 : 1), lines: [] as SectionLine[] };
    for (; old > 0 || now > 0; at += 1) {
      const sign = lines[at]!.charAt(0);
      if (sign !== " " && sign !== "-" && sign !== "+") continue;
      if (sign !== "+") old -= 1;
      if (sign !== "-") now -= 1;
      hunk.lines.push({ sign, text: lines[at]!.slice(1) });
    }
    hunks.push(hunk);
  }
  return hunks;
}

export const oldLines = ({ lines }: SectionHunk): string[] =>
  lines.filter(({ sign }) => sign !== "+").map(({ text }) => text);
