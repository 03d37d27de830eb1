/**
 * A shell pattern as a regular expression (gitignore(5), "PATTERN FORMAT").
 *
 * @param slashes whether `*` and `?` match slashes too, as in pathspecs
 */
export function globPattern(glob: string, slashes: boolean): string {
  let pattern = "";
  for (let at = 0; at < glob.length;) {
    const [piece, length] = pieceAt(glob, at, slashes);
    pattern += piece;
    at += length;
  }
  return pattern;
}

/** What stands at a place, as an expression, and how long it is. */
function pieceAt(glob: string, at: number, slashes: boolean): [string, number] {
  const any = slashes ? "." : "[^/]";
  const char = glob.charAt(at);
  switch (char) {
    case "*":
      return stars(glob, at, slashes);
    case "?":
      return [any, 1];
    case "[": {
      const set = characterSet(glob.slice(at));
      return set === null ? ["\\[", 1] : [set.pattern, set.length];
    }
    case "\\":
      return [escaped(glob.charAt(at + 1)), 2];
    default:
      return [escaped(char), 1];
  }
}

/** Two stars between slashes stand for any number of directories. */
function stars(glob: string, at: number, slashes: boolean): [string, number] {
  const count = /^\*+/.exec(glob.slice(at))?.[0].length ?? 1;
  const isPart = !slashes && count === 2 && (at === 0 || glob.charAt(at - 1) === "/");
  const behind = glob.charAt(at + count);
  if (isPart && behind === "/") return ["(?:.*/)?", count + 1];
  if (isPart && behind === "") return [".*", count];
  return [slashes ? ".*" : "[^/]*", count];
}

function escaped(char: string): string {
  return /[A-Za-z0-9_/ ]/.test(char) || char > "\u007F" ? char : `\\${char}`;
}

/** `[a-z]`, `[!a]`, `[[:alpha:]]`; null when it does not end. */
function characterSet(text: string): { pattern: string; length: number } | null {
  const found = /^\[([!^]?)(\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]/s.exec(text);
  if (found === null) return null;
  const [whole, not = "", inner = ""] = found;
  const body = inner
    .replaceAll("[:alpha:]", "A-Za-z")
    .replaceAll("[:digit:]", "0-9")
    .replaceAll("[:alnum:]", "A-Za-z0-9")
    .replaceAll("[:upper:]", "A-Z")
    .replaceAll("[:lower:]", "a-z")
    .replaceAll("[:space:]", "\\s")
    .replaceAll(/[[\]^&]/g, "\\$&");
  return { pattern: `(?!/)[${not === "" ? "" : "^"}${body}]`, length: whole.length };
}

export function isGlob(text: string): boolean {
  return /[*?[\\]/.test(text);
}
