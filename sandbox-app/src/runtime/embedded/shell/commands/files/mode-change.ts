const WHO: Readonly<Record<string, number>> = { u: 0o700, g: 0o070, o: 0o007, a: 0o777 };

/**
 * The mode that a change makes of another (chmod(1)); null when the text is none.
 *
 * @param umask bits that a change without `ugoa` leaves alone
 */
export function changedMode(
  text: string,
  mode: number,
  isDirectory: boolean,
  umask: number,
): number | null {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let changed = mode;
  for (const clause of text.split(",")) {
    const match = /^([ugoa]*)((?:[-+=][rwxXst]*|[-+=][ugo])+)$/.exec(clause);
    if (match === null) return null;
    const [, who = "", actions = ""] = match;
    const mask =
      who === "" ? 0o777 & ~umask : [...who].reduce((bits, letter) => bits | (WHO[letter] ?? 0), 0);
    const cleared = who === "" ? 0o777 : mask;
    for (const [, operator, letters = ""] of actions.matchAll(/([-+=])([rwxXstugo]*)/g)) {
      const bits = permissionBits(letters, changed, isDirectory) & mask;
      if (operator === "+") changed |= bits;
      else if (operator === "-") changed &= ~bits;
      else changed = (changed & ~cleared) | bits;
    }
  }
  return changed;
}

function permissionBits(letters: string, mode: number, isDirectory: boolean): number {
  let bits = 0;
  for (const letter of letters) {
    if (letter === "r") bits |= 0o444;
    if (letter === "w") bits |= 0o222;
    if (letter === "x" || (letter === "X" && (isDirectory || (mode & 0o111) !== 0))) bits |= 0o111;
    const from = ["o", "g", "u"].indexOf(letter);
    if (from !== -1) bits |= ((mode >> (from * 3)) & 7) * 0o111;
  }
  return bits;
}
