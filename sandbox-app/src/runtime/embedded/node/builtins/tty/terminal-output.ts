type Done = () => void;
type Out = { write(text: string, done?: Done): boolean };

const ESC = "\u001B[";

/** Cursor and line control of a terminal (ECMA-48), as `readline` and `tty.WriteStream` offer it. */
export function cursorTo(out: Out, x: number, y?: number | Done, done?: Done): boolean {
  const text = typeof y === "number" ? `${ESC}${y + 1};${x + 1}H` : `${ESC}${x + 1}G`;
  return out.write(text, typeof y === "function" ? y : done);
}

export function moveCursor(out: Out, dx: number, dy: number, done?: Done): boolean {
  let text = "";
  if (dx !== 0) text += `${ESC}${Math.abs(dx)}${dx < 0 ? "D" : "C"}`;
  if (dy !== 0) text += `${ESC}${Math.abs(dy)}${dy < 0 ? "A" : "B"}`;
  return out.write(text, done);
}

/** @param direction -1 to the left of the cursor, 1 to its right, 0 the whole line */
export function clearLine(out: Out, direction: number, done?: Done): boolean {
  const part = direction < 0 ? "1K" : direction > 0 ? "0K" : "2K";
  return out.write(`${ESC}${part}`, done);
}

export function clearScreenDown(out: Out, done?: Done): boolean {
  return out.write(`${ESC}0J`, done);
}

export const terminalWrites = {
  cursorTo(this: Out, x: number, y?: number | Done, done?: Done) {
    return cursorTo(this, x, y, done);
  },
  moveCursor(this: Out, dx: number, dy: number, done?: Done) {
    return moveCursor(this, dx, dy, done);
  },
  clearLine(this: Out, direction: number, done?: Done) {
    return clearLine(this, direction, done);
  },
  clearScreenDown(this: Out, done?: Done) {
    return clearScreenDown(this, done);
  },
};

/** Bits of color: 1, 4, 8 or 24, from what the environment says. */
export function colorDepth(env: Readonly<Record<string, string | undefined>>): number {
  const force = env["FORCE_COLOR"];
  if (force !== undefined) {
    if (force === "0") return 1;
    return force === "2" ? 8 : force === "3" ? 24 : 4;
  }
  if (env["NO_COLOR"] !== undefined || env["NODE_DISABLE_COLORS"] !== undefined) return 1;
  if (env["TERM"] === "dumb") return 1;
  if (env["COLORTERM"] === "truecolor" || env["COLORTERM"] === "24bit") return 24;
  return env["TERM"]?.includes("256") === true ? 8 : 4;
}
