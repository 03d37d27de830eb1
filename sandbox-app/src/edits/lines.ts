/** A text in lines without their ends; the empty text has none, a last line end begins no new one. */
export function splitLines(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** @returns the numbers of the lines, from 1, in which the places are; places in rising order */
export function lineNumbers(text: string, places: readonly number[]): number[] {
  const numbers: number[] = [];
  let line = 1;
  let next = text.indexOf("\n");
  for (const place of places) {
    while (next !== -1 && next < place) {
      line += 1;
      next = text.indexOf("\n", next + 1);
    }
    numbers.push(line);
  }
  return numbers;
}
