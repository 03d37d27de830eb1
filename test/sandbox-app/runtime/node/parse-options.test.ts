import { describe, expect, it } from "vitest";
import {
  parseCommandLine,
  splitNodeOptions,
} from "#sandbox/runtime/embedded/node/cli/parse-options.ts";

const parse = (args: readonly string[], nodeOptions = "", isTerminal = false) =>
  parseCommandLine(args, nodeOptions, isTerminal);

describe("Node's command line", () => {
  it("takes options before the program for itself, and the rest for the program", () => {
    expect(parse(["--no-warnings", "-r", "./a", "x.js", "--flag", "-r"])).toMatchObject({
      action: { kind: "file", path: "x.js" },
      args: ["--flag", "-r"],
      execArgv: ["--no-warnings", "-r", "./a"],
      require: ["./a"],
      options: { noWarnings: true },
    });
  });

  it("takes values behind an equals sign or as the next argument", () => {
    expect(parse(["--conditions=a", "-C", "b", "--import", "x", "m.mjs"])).toMatchObject({
      options: { conditions: ["a", "b"] },
      import: ["x"],
    });
  });

  it("takes a source that looks like an option", () => {
    expect(parse(["-e", "--x", "arg"])).toMatchObject({
      action: { kind: "eval", source: "--x", print: false },
      args: ["arg"],
    });
  });

  it("runs what comes from standard input, unless that is a terminal", () => {
    expect(parse([])).toMatchObject({ action: { kind: "stdin" } });
    expect(parse([], "", true)).toMatchObject({ action: { kind: "repl" } });
    expect(parse(["-", "a"], "", true)).toMatchObject({ action: { kind: "stdin" }, args: ["a"] });
  });

  it("names what it does not know, and what a tab cannot do", () => {
    expect(parse(["--nope", "x.js"])).toEqual({ message: "node: bad option: --nope" });
    expect(parse(["-r"])).toEqual({ message: "node: -r requires an argument" });
    expect(parse(["--inspect=9229", "x.js"])).toEqual({
      message: expect.stringContaining("developer tools"),
    });
    expect(parse(["x.js"], "--eval 1")).toEqual({
      message: "node: --eval is not allowed in NODE_OPTIONS",
    });
  });

  it("puts NODE_OPTIONS before the arguments, and not into execArgv", () => {
    expect(parse(["-r", "b", "x.js"], "-r a")).toMatchObject({
      require: ["a", "b"],
      execArgv: ["-r", "b"],
    });
  });

  it("splits NODE_OPTIONS at spaces, except in quotes", () => {
    expect(splitNodeOptions(String.raw`--a  "b c" --d="e \" f" ""`)).toEqual([
      "--a",
      "b c",
      '--d=e " f',
      "",
    ]);
  });
});
