import { describe, expect, it } from "vitest";
import {
  commandWords,
  cutWords,
  processFacts,
  usageWords,
} from "#sandbox/ui/processes/process-words.ts";
import { program, STARTED_AT } from "./program.ts";

const MIB = 1_048_576;

describe("a program in words", () => {
  it.each([
    [["node", "src/app.ts", "--port=80"], "node src/app.ts --port=80"],
    [["bash", "-c", "npm start && ls"], "bash -c 'npm start && ls'"],
    [["echo", "it's", ""], String.raw`echo 'it'\''s' ''`],
    [["node", "a\u202eb\u001b[31m\n"], "node 'a‹U+202E›b‹ESC›[31m‹LF›'"],
    [[], "a program without a name"],
  ])("shows %j as %s", (argv, words) => {
    expect(commandWords(argv)).toBe(words);
  });

  it("cuts what is too long", () => {
    expect(commandWords(["node", "-e", "x".repeat(9_000)])).toHaveLength(402);
  });

  it("says only what is known", () => {
    expect(processFacts(program(7), STARTED_AT + 12_000)).toEqual(["pid 7", "12 s"]);
  });

  it("says how long, where, and how much", () => {
    const facts = {
      ports: [3_000, 5_173],
      memory: 48 * MIB,
      load: 0.256,
      state: "stopped",
    } as const;
    expect(processFacts(program(7, facts), STARTED_AT + 125_000)).toEqual([
      "pid 7",
      "2 m 05 s",
      "paused",
      "ports 3000, 5173",
      "48.0 MB",
      "26 % busy",
    ]);
    expect(processFacts(program(7, { ports: [80], load: 0 }), STARTED_AT)).toEqual([
      "pid 7",
      "0 ms",
      "port 80",
      "0 % busy",
    ]);
  });

  it("says what is used of what there may be", () => {
    const usage = { fileBytes: 3 * MIB, fileBytesMax: 512 * MIB, processes: 2, processesMax: 64 };
    expect(usageWords(2, usage)).toBe(
      "2 programs run, of 64 at most. Files take 3.0 MB of 512.0 MB.",
    );
    expect(usageWords(1, null)).toBe("1 program runs.");
  });

  it("says what was cut and why, on one line", () => {
    const message = "it used 600 MiB of memory,\nand 512 MiB is the limit";
    expect(cutWords({ pid: 9, argv: ["node", "big.js"], limit: "memory", message })).toBe(
      "The watchdog ended node big.js (pid 9): " +
        "it used 600 MiB of memory,‹LF›and 512 MiB is the limit.",
    );
  });
});
