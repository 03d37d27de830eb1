import { fatal } from "../cli/failure.ts";
import { globPattern, isGlob } from "./glob.ts";

interface Spec {
  readonly said: string;
  /** From the top; empty for all. */
  readonly path: string;
  readonly expression: RegExp | null;
  readonly isExcluded: boolean;
}

export interface PathspecPlace {
  /** Where the command was started, with a slash at its end. */
  readonly prefix: string;
  readonly top: string;
  /** No character has a meaning (`GIT_LITERAL_PATHSPECS`). */
  readonly isLiteral?: boolean;
}

/** Which files a command is about (gitglossary(7), "pathspec"): paths, directories and patterns. */
export class Pathspec {
  readonly #specs: readonly Spec[];

  /**
   * @throws GitFailure for a path outside the repository
   */
  constructor(said: readonly string[], place: PathspecPlace) {
    this.#specs = said.map((one) => readSpec(one, place));
  }

  get isEmpty(): boolean {
    return this.#specs.length === 0;
  }

  /** Without any path, all files. */
  matches(path: string): boolean {
    const included = this.#specs.filter(({ isExcluded }) => !isExcluded);
    if (this.#specs.some((spec) => spec.isExcluded && fits(spec, path))) return false;
    return included.length === 0 || included.some((spec) => fits(spec, path));
  }

  /** Whether something below a directory may match. */
  mayMatchBelow(directory: string): boolean {
    const below = `${directory}/`;
    const included = this.#specs.filter(({ isExcluded }) => !isExcluded);
    return (
      included.length === 0 ||
      included.some(
        ({ path, expression }) =>
          expression !== null || path.startsWith(below) || path === "" || isBelow(path, directory),
      )
    );
  }

  /** What was said that none of the paths matches. */
  unmatched(paths: Iterable<string>): string[] {
    const left = new Set(this.#specs.filter(({ isExcluded }) => !isExcluded));
    for (const path of paths) {
      for (const spec of left) if (fits(spec, path)) left.delete(spec);
    }
    return [...left].filter(({ path }) => path !== "").map(({ said }) => said);
  }
}

function fits({ path, expression }: Spec, file: string): boolean {
  return path === "" || isBelow(path, file) || (expression?.test(file) ?? false);
}

function isBelow(path: string, file: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}

function readSpec(said: string, { prefix, top, isLiteral = false }: PathspecPlace): Spec {
  if (said === "") throw fatal("empty string is not a valid pathspec. please use . instead");
  if (isLiteral) {
    return { said, path: fromTop(said, prefix, top), expression: null, isExcluded: false };
  }
  const magic = /^:(?:\((exclude|top)\)|([!^/])|)/.exec(said);
  const sign = magic?.[1] ?? magic?.[2] ?? "";
  const isExcluded = sign === "exclude" || sign === "!" || sign === "^";
  const isFromTop = sign === "top" || sign === "/";
  const rest = magic === null ? said : said.slice(magic[0].length);
  const path = fromTop(rest, isFromTop ? "" : prefix, top, said);
  const expression = isGlob(path) ? new RegExp(`^${globPattern(path, true)}(?:/.*)?$`, "s") : null;
  return { said, path, expression, isExcluded };
}

/** @throws GitFailure for a path that leads out of the repository */
export function fromTop(path: string, prefix: string, top: string, said = path): string {
  if (path === top) return "";
  const inside = path.startsWith(`${top}/`) ? path.slice(top.length + 1) : path;
  if (inside.startsWith("/")) throw fatal(`${said}: '${said}' is outside repository at '${top}'`);
  const parts: string[] = [];
  for (const part of `${path === inside ? prefix : ""}${inside}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined)
      throw fatal(`${said}: '${said}' is outside repository at '${top}'`);
  }
  return parts.join("/");
}
