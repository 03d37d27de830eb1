import { graphemes, widthOf } from "./width.ts";

export interface Line {
  /** May hold colours (SGR sequences), a window title (OSC) and line feeds, and no other control. */
  readonly prompt: string;
  readonly chars: readonly string[];
  readonly cursor: number;
}

export interface Drawing {
  /** For the terminal, starting where the last drawing left the cursor. */
  readonly output: string;
  /** Rows between the start of the prompt and the cursor. */
  readonly row: number;
}

interface Position {
  readonly row: number;
  readonly column: number;
}

/**
 * Draws prompt and line anew over the last drawing. Long lines wrap; line feeds in the line start a
 * new row.
 *
 * @param row where the last drawing left the cursor; 0 for the first
 */
export function drawLine({ prompt, chars, cursor }: Line, columns: number, row: number): Drawing {
  // oxlint-disable-next-line no-control-regex -- terminals speak in control characters
  const promptChars = graphemes(prompt.replaceAll(/\x1b\[[0-9;]*m|\x1b\][^\x07]*\x07/g, ""));
  const at = advance({ row: 0, column: 0 }, [...promptChars, ...chars.slice(0, cursor)], columns);
  const end = advance(at, chars.slice(cursor), columns);
  const text = chars.join("").replaceAll("\n", "\r\n");
  // A terminal waits at the right edge until the next character comes: go on to the next row now.
  const wrap = end.column === 0 && end.row > 0 && chars.at(-1) !== "\n" ? "\r\n" : "";
  const output = `\r${up(row)}\x1b[J${prompt.replaceAll("\n", "\r\n")}${text}${wrap}${up(end.row - at.row)}\r${right(at.column)}`;
  return { output, row: at.row };
}

/** Moves below the drawing, for what comes after the line. */
export function leaveLine(line: Line, columns: number, row: number): string {
  return `${drawLine({ ...line, cursor: line.chars.length }, columns, row).output}\r\n`;
}

function advance(from: Position, chars: readonly string[], columns: number): Position {
  let { row, column } = from;
  for (const char of chars) {
    const width = widthOf(char);
    if (char === "\n") {
      row++;
      column = 0;
    } else if (column + width > columns) {
      row++;
      column = width;
    } else {
      column += width;
    }
    if (column >= columns) {
      row++;
      column = 0;
    }
  }
  return { row, column };
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : "";
}
