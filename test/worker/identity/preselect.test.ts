import { expect, it } from "vitest";
import { type Candidate, preselect } from "#worker/identity/preselect.ts";

const one = (id: string, facts: Partial<Candidate> = {}): Candidate => ({
  id,
  isOpen: false,
  isOwn: false,
  usedBy: [],
  ...facts,
});
const open = { isOpen: true };
const used = { usedBy: ["ChatGPT"] };

it.each<[string, Candidate[], string | null]>([
  ["a new one when there is none", [], null],
  ["the one that is open and unused", [one("a"), one("b", open)], "b"],
  ["a new one when none is open", [one("a"), one("b")], null],
  ["a new one when the open one is used", [one("a"), one("b", { ...open, ...used })], null],
  ["the unused one of two that are open", [one("a", { ...open, ...used }), one("b", open)], "b"],
  [
    "the one it had, open or not, shared or not",
    [one("a", open), one("b", { isOwn: true, ...used })],
    "b",
  ],
])("picks %s", (_what, candidates, chosen) => {
  expect(preselect(candidates, true)).toBe(chosen);
});

it("picks an unused one, else any, when no more can be made", () => {
  expect(preselect([one("a", used), one("b")], false)).toBe("b");
  expect(preselect([one("a", used), one("b", used)], false)).toBe("a");
});
