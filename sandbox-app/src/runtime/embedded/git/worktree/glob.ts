/**
 * A shell pattern as a regular expression (gitignore(5), "PATTERN FORMAT").
 *
 * @param slashes whether `*` and `?` match slashes too, as in pathspecs
 */
export function globPattern(glob: string, slashes: boolean): string {
  const any = slashes ? "." : "[^/]";
  let pattern = "";
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob.charAt(at);
    if (char === "*") {
      const stars = /^\*+/.exec(glob.slice(at))?.[0].length ?? 1;
      const isPart = at === 0 || glob.charAt(at - 1) === "/";
      const behind = glob.charAt(at + stars);
      if (!slashes && stars === 2 && isPart && behind === "/") {
        pattern += "(?:.*/)?";
        at += stars;
      } else if (!slashes && stars === 2 && isPart && behind === "") {
        pattern += ".*";
        at += stars - 1;
      } else {
        pattern += `${any}*`;
        at += stars - 1;
      }
    } else if (char === "?") {
      pattern += any;
    } else if (char === "[") {
      const set = characterSet(glob.slice(at));
      pattern += set?.pattern ?? "\\[";
      at += (set?.length ?? 1) - 1;
    } else if (char === "\\") {
      at += 1;
      pattern += escaped(glob.charAt(at));
    } else {
      pattern += escaped(char);
    }
  }
  return pattern;
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
