import { linesOf } from "./transition.ts";

/*
 * What decision 0019 says, told a second time by whoever knows the place already: the tests' own word
 * on what an edit must give, and on whether a refusal is right. Slow and plain on purpose.
 */

/** What a case must come to: these bytes, or a refusal for this reason. */
export type Expected = { readonly text: string } | { readonly refused: Reason };
export type Reason = "empty" | "identical" | "not_unique";

/** Whether all lines of a text that end do so in CRLF. */
export function isCrlf(text: string): boolean {
  return text.includes("\r\n") && !/(?<!\r)\n/.test(text);
}

export function isLf(text: string): boolean {
  return text.includes("\n") && !text.includes("\r\n");
}

export const lf = (text: string): string => text.replaceAll("\r\n", "\n");
export const crlf = (text: string): string => lf(text).replaceAll("\n", "\r\n");
export const withoutTrailing = (text: string): string => text.replace(/[ \t]+(?=\r?\n|$)/g, "");

/** What is put in the place of `old`, a part of `whole`. */
export function asPut(whole: string, old: string, now: string, isExact: boolean): string {
  if (isCrlf(whole)) return crlf(now);
  if (isExact) return now;
  if (isCrlf(old)) return crlf(now);
  return isLf(old) ? lf(now) : now;
}

/** How often a text is in another, places that overlap counted. */
export function timesIn(whole: string, part: string): number {
  let count = 0;
  for (let at = whole.indexOf(part); at !== -1; at = whole.indexOf(part, at + 1)) {
    const cuts = (place: number): boolean => whole[place] === "\n" && whole[place - 1] === "\r";
    if (!cuts(at) && !cuts(at + part.length)) count += 1;
  }
  return count;
}

/** Where lines stand in a file from a line on; how a line is looked at is said by `seen`. */
export function placesOf(
  file: readonly string[],
  lines: readonly string[],
  from: number,
  seen: (line: string) => string,
): number[] {
  const wanted = lines.map(seen);
  const places: number[] = [];
  for (let at = from; at + wanted.length <= file.length; at += 1) {
    if (wanted.every((line, index) => seen(file[at + index]!) === line)) places.push(at);
  }
  return places;
}

/** A line without its newline; of the last one, nothing is taken. */
export const bare = (line: string): string => line.replace(/\n$/, "");
export const bareOfCr = (line: string): string => line.replace(/\r?\n$/, "");
export const bareOfSpace = (line: string): string => line.replace(/[ \t]*\r?\n?$/, "");

/** The first texts at which two differ, for a message. */
export function difference(one: string, other: string): string {
  const [ours, theirs] = [linesOf(one), linesOf(other)];
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  const line = at === -1 ? ours.length : at;
  const shown = (text: string | undefined): string => JSON.stringify(text?.slice(0, 160));
  return `line ${line + 1}: ${shown(ours[line])}, wanted ${shown(theirs[line])}`;
}
