import { differences } from "./differences.ts";

export type Inspect = (value: unknown, options?: object) => string;

const titles: Record<string, string> = {
  deepStrictEqual: "Expected values to be strictly deep-equal:",
  strictEqual: "Expected values to be strictly equal:",
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: "Expected values to be loosely deep-equal:",
  partialDeepStrictEqual: "Expected values to be partially and strictly deep-equal:",
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notIdentical: "Values identical but not reference-equal:",
  notDeepEqualUnequal: "Expected values not to be loosely deep-equal:",
};

/** Values that fit on one line together are shown as `1 !== 2`. */
const MAX_SHORT_LENGTH = 12;

function shown(inspect: Inspect, value: unknown): string {
  return inspect(value, {
    compact: false,
    customInspect: false,
    depth: 1000,
    maxArrayLength: Infinity,
    showHidden: false,
    showProxy: false,
    sorted: true,
    getters: true,
    breakLength: Infinity,
  });
}

function isObject(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The message of a failed comparison, as Node 24 words it. */
export function explainDifference(
  inspect: Inspect,
  operator: string,
  actual: unknown,
  expected: unknown,
): string {
  switch (operator) {
    case "deepStrictEqual":
    case "strictEqual":
    case "partialDeepStrictEqual":
      return explainEqual(inspect, operator, actual, expected);
    case "notDeepStrictEqual":
    case "notStrictEqual":
      return explainNotEqual(inspect, operator, actual);
    default:
      return explainLoose(inspect, operator, actual, expected);
  }
}

function fitsOneLine(left: string, right: string): boolean {
  const single = !left.includes("\n") && !right.includes("\n");
  return single && left !== right && left.length + right.length <= MAX_SHORT_LENGTH;
}

function explainEqual(
  inspect: Inspect,
  operator: string,
  actual: unknown,
  expected: unknown,
): string {
  const [left, right] = [shown(inspect, actual), shown(inspect, expected)];
  const title = titles[operator] ?? "";
  if (left === right && isObject(actual)) {
    const text = operator === "strictEqual" ? titles["notIdentical"] : title;
    return `${text}\n\n${left}\n`;
  }
  const simple = !isObject(actual) && !isObject(expected) && (actual !== 0 || expected !== 0);
  if (operator !== "partialDeepStrictEqual" && simple && fitsOneLine(left, right)) {
    return `${title}\n\n${left} !== ${right}\n`;
  }
  const head =
    operator === "strictEqual" && isObject(actual) && isObject(expected)
      ? titles["strictEqualObject"]
      : title;
  const { text, skipped } = differences(left.split("\n"), right.split("\n"));
  return `${head}\n+ actual - expected${skipped ? "\n... Skipped lines" : ""}\n\n${text}\n`;
}

function explainNotEqual(inspect: Inspect, operator: string, actual: unknown): string {
  const lines = shown(inspect, actual).split("\n");
  const head =
    operator === "notStrictEqual" && isObject(actual)
      ? titles["notStrictEqualObject"]
      : titles[operator];
  const cut = lines.length > 50 ? [...lines.slice(0, 46), "..."] : lines;
  if (cut.length === 1) return `${head}${(cut[0] ?? "").length > 5 ? "\n\n" : " "}${cut[0]}`;
  return `${head}\n\n${cut.join("\n")}\n`;
}

function clip(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}...` : text;
}

function explainLoose(
  inspect: Inspect,
  operator: string,
  actual: unknown,
  expected: unknown,
): string {
  const [left, right] = [clip(shown(inspect, actual), 512), clip(shown(inspect, expected), 512)];
  if (operator === "deepEqual")
    return `${titles["deepEqual"]}\n\n${left}\n\nshould loosely deep-equal\n\n${right}`;
  if (operator === "notDeepEqual")
    return `${titles["notDeepEqualUnequal"]}\n\n${left}\n\nshould not loosely deep-equal\n\n${right}`;
  return `${left} ${operator} ${right}`;
}
