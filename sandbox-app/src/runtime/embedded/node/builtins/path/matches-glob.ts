import { validateString } from "../errors/validate.ts";

const braces = /\{([^{}]*)\}/;

/** `{a,b}` written out: every pattern that the braces stand for. */
export function expandBraces(pattern: string): string[] {
  const match = braces.exec(pattern);
  if (match === null || !match[1]?.includes(",")) return [pattern];
  const before = pattern.slice(0, match.index);
  const after = pattern.slice(match.index + match[0].length);
  return match[1].split(",").flatMap((choice) => expandBraces(`${before}${choice}${after}`));
}

/** One part of a glob (no slash in it) as a regular expression. */
export function partExpression(part: string): RegExp {
  let source = part.startsWith(".") ? "" : "(?!\\.)";
  for (let index = 0; index < part.length; index++) {
    const character = part[index] as string;
    if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "[") {
      const end = part.indexOf("]", index + 2);
      if (end === -1) source += "\\[";
      else {
        const inner = part
          .slice(index + 1, end)
          .replace(/^!/, "^")
          .replaceAll("\\", "\\\\");
        source += `[${inner}]`;
        index = end;
      }
    } else source += character.replaceAll(/[\\^$+.()|{}\]]/g, String.raw`\$&`);
  }
  return new RegExp(`^${source}$`);
}

/** Whether parts of a path match parts of a glob; `**` stands for any number of parts. */
export function partsMatch(path: readonly string[], glob: readonly string[]): boolean {
  const [first, ...rest] = glob;
  if (first === undefined) return path.length === 0;
  if (first === "**") {
    for (let skipped = 0; skipped <= path.length; skipped++) {
      if (partsMatch(path.slice(skipped), rest)) return true;
      if (path[skipped]?.startsWith(".")) return false;
    }
    return false;
  }
  const [head, ...tail] = path;
  return head !== undefined && partExpression(first).test(head) && partsMatch(tail, rest);
}

/** `path.matchesGlob`. */
export function matchesGlob(path: string, pattern: string): boolean {
  validateString(path, "path");
  validateString(pattern, "pattern");
  return expandBraces(pattern).some((each) => partsMatch(path.split("/"), each.split("/")));
}
