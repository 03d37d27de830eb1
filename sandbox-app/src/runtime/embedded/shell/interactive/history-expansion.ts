/** An event designator that names nothing; in bash's words. */
export class EventNotFound extends Error {
  constructor(designator: string) {
    super(`${designator}: event not found`);
  }
}

const quickSubstitution = /^\^([^^]*)\^([^^]*)\^?$/;
const designator =
  /!(?:!|\$|\*|\^|-?\d+|\?[^?\n]+\??|[A-Za-z_./][^\s;&|<>()"'!]*)(?::(\d+|\$|\*))?/;

/**
 * Puts earlier commands into a line (bash manual, "History Expansion"): `!!`, `!$`, `!*`, `!n`, `!-n`,
 * `!text`, `!?text?`, with `:n` for a word, and `^old^new`. Null when there is nothing to put in.
 *
 * @throws EventNotFound
 */
export function expandHistory(line: string, history: readonly string[]): string | null {
  const quick = quickSubstitution.exec(line);
  if (quick !== null) {
    const last = history.at(-1);
    const [, from = "", to = ""] = quick;
    if (last === undefined || !last.includes(from)) throw new EventNotFound(`:s${line}`);
    return last.replace(from, () => to);
  }
  let expanded = "";
  let isChanged = false;
  for (let at = 0; at < line.length;) {
    const rest = line.slice(at);
    // Nothing is expanded in single quotes, behind a backslash, or in `$!`.
    const kept = /^(?:'[^']*'?|\\[^]|\$!|\[!|!(?=[\s=(]|$)|[^!'\\$[]+|[$[])/.exec(rest)?.[0];
    if (kept !== undefined) {
      expanded += kept;
      at += kept.length;
      continue;
    }
    const match = new RegExp(`^${designator.source}`).exec(rest);
    if (match === null) {
      expanded += rest.charAt(0);
      at++;
      continue;
    }
    expanded += eventText(match[0], match[1], history);
    isChanged = true;
    at += match[0].length;
  }
  return isChanged ? expanded : null;
}

function eventText(whole: string, word: string | undefined, history: readonly string[]): string {
  const name = word === undefined ? whole.slice(1) : whole.slice(1, -word.length - 1);
  const last = history.at(-1) ?? "";
  if (name === "$") return wordsOf(last).at(-1) ?? "";
  if (name === "^") return wordsOf(last)[1] ?? "";
  if (name === "*") return wordsOf(last).slice(1).join(" ");
  const event = eventNamed(name, history);
  if (event === undefined) throw new EventNotFound(whole);
  if (word === undefined) return event;
  const words = wordsOf(event);
  if (word === "*") return words.slice(1).join(" ");
  return (word === "$" ? words.at(-1) : words[Number(word)]) ?? "";
}

function eventNamed(name: string, history: readonly string[]): string | undefined {
  if (name === "!") return history.at(-1);
  if (/^-?\d+$/.test(name))
    return name.startsWith("-") ? history.at(Number(name)) : history[Number(name) - 1];
  if (name.startsWith("?")) {
    const text = name.replaceAll("?", "");
    return history.findLast((line) => line.includes(text));
  }
  return history.findLast((line) => line.startsWith(name));
}

function wordsOf(line: string): string[] {
  return line.match(/(?:[^\s'"\\]|\\.|'[^']*'|"[^"]*")+/g) ?? [];
}
