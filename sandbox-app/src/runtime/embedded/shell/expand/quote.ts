/** A word that the shell reads back as this text, as `%q` and `${x@Q}` write it. */

// oxlint-disable-next-line no-control-regex -- these are the characters that need $'…'
const unprintable = /[\x00-\x1f\x7f]/;

/** What stands escaped inside `$'…'`. */
// oxlint-disable-next-line no-control-regex -- these are the characters that need $'…'
const special = /[\x00-\x1f\x7f\\']/;

const named: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\x1b": "\\E",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  "'": "\\'",
};

/** `${x@Q}`, and the values that `declare -p` writes for `set`. */
export function singleQuoted(text: string): string {
  if (unprintable.test(text)) return ansiQuoted(text);
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** `printf %q`: a backslash before each character that means something. */
export function backslashed(text: string): string {
  if (text === "") return "''";
  if (unprintable.test(text)) return ansiQuoted(text);
  return text
    .replaceAll(/[^\w@%+=:,./\-\u0080-\u{10ffff}~#]/gu, String.raw`\$&`)
    .replaceAll(/[,]/g, String.raw`\,`)
    .replace(/^[~#]/, String.raw`\$&`);
}

/** The value in `declare -p`. */
export function doubleQuoted(text: string): string {
  if (unprintable.test(text)) return ansiQuoted(text);
  return `"${text.replaceAll(/["\\$`]/g, String.raw`\$&`)}"`;
}

/** As `set`, `alias` and `set -x` show it: quoted only where needed. */
export function quotedIfNeeded(text: string): string {
  if (text === "") return "''";
  if (unprintable.test(text)) return ansiQuoted(text);
  return /[\s'"\\|&;()<>!{}*[\]?^$`]|^[#~]/.test(text) ? singleQuoted(text) : text;
}

function ansiQuoted(text: string): string {
  const escape = (char: string): string =>
    named[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`;
  const chars = Array.from(text, (char) => (special.test(char) ? escape(char) : char));
  return `$'${chars.join("")}'`;
}
