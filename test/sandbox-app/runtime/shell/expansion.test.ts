import { describe, expect, it } from "vitest";
import {
  type ArithmeticVariables,
  evaluate,
} from "#sandbox/runtime/embedded/shell/expand/arithmetic/evaluate.ts";
import { expandBraces } from "#sandbox/runtime/embedded/shell/expand/brace.ts";
import { patternToRegExp } from "#sandbox/runtime/embedded/shell/expand/pattern.ts";
import {
  expanded,
  literal,
  type Piece,
  quoted,
} from "#sandbox/runtime/embedded/shell/expand/piece.ts";
import { splitFields } from "#sandbox/runtime/embedded/shell/expand/split.ts";

function variables(values: Record<string, string>): ArithmeticVariables {
  return { get: (name) => values[name], set: (name, _index, value) => void (values[name] = value) };
}

describe("arithmetic", () => {
  it.each<[string, bigint]>([
    ["1 + 2 * 3", 7n],
    ["2 ** 3 ** 2", 512n],
    ["-2 ** 2", 4n],
    ["7 / -2", -3n],
    ["-7 % 3", -1n],
    ["0x1F + 010 + 2#101", 44n],
    ["9223372036854775807 + 1", -9223372036854775808n],
    ["1 << 63", -9223372036854775808n],
    ["1 ? 2 : 3, 4", 4n],
    ["x = 5, x += 2, x++ + ++x", 16n],
    ["y", 9n],
    ["0 && (z = 1) || z", 0n],
    ["!0 + ~0", 0n],
    ["", 0n],
  ])("%s is %s", (source, value) => {
    expect(evaluate(source, variables({ y: "2+7" }))).toBe(value);
  });

  it.each([
    ["1 / 0", 'division by 0 (error token is "0")'],
    ["1 +", "syntax error: operand expected"],
    ["08", "value too great for base"],
    ["1 = 2", "attempted assignment to non-variable"],
    ["2 ** -1", "exponent less than 0"],
    ["(1", "missing `)'"],
    ["loop", "expression recursion level exceeded"],
  ])("%s says %s", (source, message) => {
    expect(() => evaluate(source, variables({ loop: "loop" }))).toThrow(message);
  });
});

describe("braces", () => {
  it.each<[string, string[]]>([
    ["a{b,c}d", ["abd", "acd"]],
    ["{a,{b,c}}{1,2}", ["a1", "a2", "b1", "b2", "c1", "c2"]],
    ["{1..3}", ["1", "2", "3"]],
    ["{03..1}", ["03", "02", "01"]],
    ["{a..e..2}", ["a", "c", "e"]],
    ["{a}", ["{a}"]],
    ["{a,b", ["{a,b"]],
    ["'{a,b}'", ["'{a,b}'"]],
    ["${x:-{a,b}}", ["${x:-{a,b}}"]],
    ["$(echo {a,b}),{c,d}", ["$(echo {a,b}),c", "$(echo {a,b}),d"]],
    ["{,x}", ["", "x"]],
  ])("%s", (text, words) => expect(expandBraces(text)).toEqual(words));
});

describe("patterns", () => {
  it.each<[string, string, boolean]>([
    ["a*c", "abbc", true],
    ["a?c", "ac", false],
    ["[!a-c]x", "dx", true],
    ["[[:digit:]]*", "1a", true],
    [String.raw`\*`, "*", true],
    [String.raw`\*`, "x", false],
    ["@(a|b)c", "bc", true],
    ["!(a|b)", "a", false],
    ["!(a|b)", "ab", true],
    ["+(ab)", "abab", true],
    ["[]a]", "]", true],
    ["[a", "[a", true],
    ["*", "line\nbreak", true],
    ["?", "€", true],
    ["a.c", "abc", false],
  ])("%s against %j: %s", (pattern, text, matches) => {
    expect(patternToRegExp(pattern).test(text)).toBe(matches);
  });

  it("keep slashes apart in paths", () => {
    expect(patternToRegExp("*", { inPath: true }).test("a/b")).toBe(false);
  });
});

describe("word splitting", () => {
  const split = (pieces: readonly Piece[], ifs?: string): string[] =>
    splitFields(pieces, ifs).map((field) => field.map(({ text }) => text).join(""));

  it.each<[string, string | undefined, string[]]>([
    ["  a  b\n", undefined, ["a", "b"]],
    ["a::b:", ":", ["a", "", "b"]],
    [":a", ":", ["", "a"]],
    ["a , b", " ,", ["a", "b"]],
    ["a b", "", ["a b"]],
  ])("%j by %j", (text, ifs, fields) => {
    expect(split([expanded(text, false)], ifs)).toEqual(fields);
  });

  it("joins what stands beside an expansion, and keeps what was quoted", () => {
    expect(split([literal("x"), expanded("a b", false), quoted("c d")])).toEqual(["xa", "bc d"]);
    expect(split([quoted("")])).toEqual([""]);
    expect(split([expanded("", false)])).toEqual([]);
  });
});
