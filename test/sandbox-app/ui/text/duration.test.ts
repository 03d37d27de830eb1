import { describe, expect, it } from "vitest";
import { formatAgo, formatBytes, formatDuration, secondsUntil } from "#sandbox/ui/text/duration.ts";

describe("times and sizes in words", () => {
  it.each([
    [-5, "0 ms"],
    [8.4, "8 ms"],
    [999, "999 ms"],
    [1_000, "1.0 s"],
    [9_999, "9.9 s"],
    [45_600, "45 s"],
    [125_000, "2 m 05 s"],
    [3_720_000, "1 h 02 m"],
  ])("says how long %d ms are", (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });

  it.each([
    [0, "now"],
    [12_000, "12 s ago"],
    [180_000, "3 min ago"],
    [7_200_000, "2 h ago"],
    [400_000_000, "4 d ago"],
  ])("says how long ago %d ms are", (ms, words) => {
    expect(formatAgo(ms)).toBe(words);
  });

  it("counts down in whole seconds and never below zero", () => {
    expect(secondsUntil(10_000, 7_001)).toBe(3);
    expect(secondsUntil(10_000, 12_000)).toBe(0);
  });

  it.each([
    [0, "0 B"],
    [1_023, "1023 B"],
    [1_434, "1.4 KB"],
    [3_355_443, "3.2 MB"],
    [10_738_573_312, "10.0 GB"],
  ])("says how large %d bytes are", (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });
});
