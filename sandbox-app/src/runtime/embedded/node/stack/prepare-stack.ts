/** A frame as V8 hands it to `Error.prepareStackTrace` (V8, "Stack trace API"). */
export interface CallSite {
  toString(): string;
  getScriptNameOrSourceURL?(): string | null;
  getFileName(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getFunctionName(): string | null;
}

/**
 * How many columns the first line of a compiled source is shifted by what stands before it; guests
 * see their own columns.
 */
export class FirstLineShifts {
  readonly #shifts = new Map<string, number>();

  set(file: string, columns: number): void {
    this.#shifts.set(file, columns);
  }

  of(file: string): number {
    return this.#shifts.get(file) ?? 0;
  }
}

/** Formats stacks as Node's look: this runtime's own frames are `node:internal/…`. */
export function createStackPreparer(
  ownSource: (file: string) => boolean,
  shifts: FirstLineShifts,
): (error: unknown, frames: readonly CallSite[]) => string {
  return (error, frames) => {
    const lines = frames.flatMap((frame) => {
      const text = frameText(frame, ownSource, shifts);
      return text === null ? [] : [`\n    at ${text}`];
    });
    return headOf(error) + lines.join("");
  };
}

function headOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** Null for frames that exist only because modules are generators. */
function frameText(
  frame: CallSite,
  ownSource: (file: string) => boolean,
  shifts: FirstLineShifts,
): string | null {
  const text = frame.toString();
  const file = frame.getScriptNameOrSourceURL?.() ?? frame.getFileName();
  if (file === null) return /^(?:async )?(?:Async)?Generator\.next/.test(text) ? null : text;
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  const place = `${file}:${line}:${column}`;
  if (ownSource(file)) {
    const name = file.slice(file.lastIndexOf("/") + 1).replace(/[.?].*$/, "");
    return text.replace(place, `node:internal/${name}:${line}:${column}`);
  }
  const shift = line === 1 ? shifts.of(file) : 0;
  if (shift === 0 || column === null) return text;
  return text.replace(place, `${file}:${line}:${Math.max(1, column - shift)}`);
}
