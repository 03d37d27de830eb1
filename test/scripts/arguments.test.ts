import { describe, expect, it } from "vitest";
import { parseStartArguments } from "#scripts/disco/arguments.ts";
import { ExpectedError } from "#scripts/disco/expected-error.ts";

describe("parseStartArguments", () => {
  it("serves a person on the usual port when nothing is said", () => {
    expect(parseStartArguments([])).toEqual({
      headless: false,
      port: undefined,
      twoPorts: false,
      workerd: false,
      state: undefined,
    });
  });

  it("takes all arguments", () => {
    expect(
      parseStartArguments([
        "--headless",
        "--port",
        "0",
        "--two-ports",
        "--workerd",
        "--state",
        "/x",
      ]),
    ).toEqual({
      headless: true,
      port: 0,
      twoPorts: true,
      workerd: true,
      state: "/x",
    });
  });

  it.each([
    ["--port", "70000"],
    ["--port", "-1"],
    ["--port", "80a"],
    ["--port", ""],
    ["--open"],
    ["x"],
  ])("refuses %s %s in words", (...args) => {
    expect(() => parseStartArguments(args)).toThrow(ExpectedError);
  });
});
