/** A frame as V8 hands it to `Error.prepareStackTrace` (V8, "Stack trace API"). */
export interface CallSite {
  toString(): string;
  getScriptNameOrSourceURL(): string | null | undefined;
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getFunctionName(): string | null;
  isEval(): boolean;
  getEvalOrigin(): string | undefined;
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

  of(file: string | null | undefined): number {
    return this.#shifts.get(file ?? "") ?? 0;
  }
}

/** Makes frames in which an evaluated text is the file that it came from. */
export function frameMaker(
  ownSource: (file: string) => boolean,
  shifts: FirstLineShifts,
): (frame: CallSite) => CallSite {
  // The engine's frames cannot be changed, nor inherited from: theirs are the other methods.
  let base: object | null = null;
  return (frame) => {
    base ??= forwardingMethods(Object.getPrototypeOf(frame) as object);
    const file = frame.getFileName() ?? frame.getScriptNameOrSourceURL();
    const shift = frame.getLineNumber() === 1 ? shifts.of(file) : 0;
    const column = frame.getColumnNumber();
    const shown = column === null ? null : Math.max(1, column - shift);
    const own: Partial<CallSite> = {
      getFileName: () => file,
      getColumnNumber: () => shown,
      isEval: () => false,
      getEvalOrigin: () => undefined,
      getFunctionName: () => {
        const name = frame.getFunctionName();
        return name === "eval" ? null : name;
      },
      toString: () => frameText(frame, file ?? null, shown, ownSource),
    };
    return Object.assign(Object.create(base, { native: { value: frame } }) as CallSite, own);
  };
}

type Forwarding = { readonly native: Record<string, () => unknown> };

function forwardingMethods(prototype: object): object {
  const methods: Record<string, unknown> = {};
  for (const name of Object.getOwnPropertyNames(prototype)) {
    methods[name] = function (this: Forwarding) {
      return this.native[name]?.();
    };
  }
  return methods;
}

function frameText(
  frame: CallSite,
  file: string | null,
  column: number | null,
  ownSource: (file: string) => boolean,
): string {
  const text = frame.toString();
  if (file === null) return text;
  const line = frame.getLineNumber();
  const told = `${file}:${line}:${frame.getColumnNumber()}`;
  if (ownSource(file)) {
    const name = file.slice(file.lastIndexOf("/") + 1).replace(/[.?].*$/, "");
    return text.replace(told, `node:internal/${name}:${line}:${column}`);
  }
  // The engine calls a function without a name `eval` when its source was evaluated.
  return text
    .replace(told, `${file}:${line}:${column}`)
    .replace(/^((?:async )?)eval \((.*)\)$/, "$1$2")
    .replace(/^((?:async |new )*[\w$.]+\.)eval (\(|\[as )/, "$1<anonymous> $2");
}
