/** One variable of a configuration file, and where it stands. */
export interface Variable {
  /** Lower case, but for the subsection: `remote.Origin.url`. */
  readonly key: string;
  readonly value: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

interface Section {
  readonly name: string;
  readonly line: number;
}

export interface ConfigText {
  readonly lines: readonly string[];
  readonly variables: readonly Variable[];
  readonly sections: readonly Section[];
}

/** Reads a configuration file (git-config(1), "Syntax"). What it cannot read is left alone. */
export function parseConfig(text: string): ConfigText {
  const lines = text.split("\n");
  const variables: Variable[] = [];
  const sections: Section[] = [];
  let section = "";
  for (let at = 0; at < lines.length; at += 1) {
    let line = lines[at] ?? "";
    const header = /^\s*\[\s*([\w.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (header !== null) {
      const [whole, name = "", quoted] = header;
      const below = quoted === undefined ? "" : `.${quoted.replaceAll(/\\(.)/g, "$1")}`;
      section = name.toLowerCase() + below;
      sections.push({ name: section, line: at });
      line = line.slice(whole.length);
    }
    const firstLine = at;
    while (/(^|[^\\])(\\\\)*\\$/.test(line) && at + 1 < lines.length) {
      at += 1;
      line = `${line.slice(0, -1)}${lines[at] ?? ""}`;
    }
    const [, name, said] = /^\s*([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/s.exec(line) ?? [];
    if (name === undefined) continue;
    const value = said === undefined ? "true" : readValue(said);
    variables.push({ key: `${section}.${name.toLowerCase()}`, value, firstLine, lastLine: at });
  }
  return { lines, variables, sections };
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", b: "\b" };

/** Quotes keep blanks, a comment ends the value, and blanks at its end do not count. */
function readValue(said: string): string {
  let value = "";
  let kept = 0;
  let isQuoted = false;
  for (let at = 0; at < said.length; at += 1) {
    const char = said.charAt(at);
    if (char === "\\") {
      at += 1;
      value += escapes[said.charAt(at)] ?? said.charAt(at);
      kept = value.length;
    } else if (char === '"') {
      isQuoted = !isQuoted;
    } else if (!isQuoted && (char === "#" || char === ";")) {
      break;
    } else {
      value += char;
      if (isQuoted || !/\s/.test(char)) kept = value.length;
    }
  }
  return value.slice(0, kept);
}

function writeValue(value: string): string {
  const escaped = value
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t");
  return /^\s|\s$|[#;]/.test(value) ? `"${escaped}"` : escaped;
}

/** Section (with its subsection) and name; the key as it is compared. */
export function splitKey(key: string): { section: string; name: string; full: string } {
  const [first, last] = [key.indexOf("."), key.lastIndexOf(".")];
  const below = first === last ? "" : key.slice(first, last);
  const section = key.slice(0, first).toLowerCase() + below;
  const name = key.slice(last + 1);
  return { section, name, full: `${section}.${name.toLowerCase()}` };
}

function headerOf(section: string): string {
  const dot = section.indexOf(".");
  if (dot === -1) return `[${section}]`;
  const below = section.slice(dot + 1).replaceAll(/["\\]/g, "\\$&");
  return `[${section.slice(0, dot)} "${below}"]`;
}

/** The text with the variable set; the rest stays as it was written. */
export function withVariable(text: string, key: string, value: string, add: boolean): string {
  const { lines, variables, sections } = parseConfig(text);
  const { section, name, full } = splitKey(key);
  const line = `\t${name} = ${writeValue(value)}`;
  const present = add ? undefined : variables.findLast((variable) => variable.key === full);
  if (present !== undefined) {
    const { firstLine, lastLine } = present;
    return lines.toSpliced(firstLine, lastLine - firstLine + 1, line).join("\n");
  }
  const at = sections.findLastIndex((one) => one.name === section);
  if (at === -1) {
    const start = text === "" || text.endsWith("\n") ? text : `${text}\n`;
    return `${start}${headerOf(section)}\n${line}\n`;
  }
  const inSection = variables.findLast((variable) => variable.key.startsWith(`${section}.`));
  const begin = sections[at]?.line ?? 0;
  const end = sections[at + 1]?.line ?? lines.length;
  const last = inSection?.lastLine ?? begin;
  const after = last >= begin && last < end ? last : begin;
  return lines.toSpliced(after + 1, 0, line).join("\n");
}

/** The text without the variable; a section that has become empty goes as well. */
export function withoutVariable(text: string, key: string): string {
  const { lines, variables, sections } = parseConfig(text);
  const { section, full } = splitKey(key);
  const gone = new Set<number>();
  for (const { key: found, firstLine, lastLine } of variables) {
    if (found !== full) continue;
    for (let at = firstLine; at <= lastLine; at += 1) gone.add(at);
  }
  const isLeft = variables.some(
    (one) => one.key !== full && one.key.slice(0, one.key.lastIndexOf(".")) === section,
  );
  for (const { name, line } of isLeft ? [] : sections) if (name === section) gone.add(line);
  return lines.filter((_line, at) => !gone.has(at)).join("\n");
}

/** The text without a section and all that is in it. */
export function withoutSection(text: string, section: string): string {
  const { lines, sections } = parseConfig(text);
  const kept = lines
    .filter((_line, at) => sections.findLast(({ line }) => line <= at)?.name !== section)
    .join("\n");
  // The end of the last line was the section's when it was the last one.
  return kept === "" || kept.endsWith("\n") ? kept : `${kept}\n`;
}
