import { describe, expect, it } from "vitest";
import { InThreadShell } from "./in-thread-shell.ts";

describe("an interactive shell", () => {
  it("keeps variables, arrays, functions, options, aliases, directory and status", async () => {
    const { stdout, code } = await new InThreadShell().session([
      "shopt -s expand_aliases; alias hi='echo hi'; x='a  b'; list=(1 'two words'); f() { echo \"f $1 $x\"; }",
      "cd /tmp; set -o pipefail",
      "f one; pwd; hi; echo ${list[1]}",
      "false | true",
      "echo $?",
      "exit 5",
    ]);
    expect(stdout).toBe("f one a  b\n/tmp\nhi\ntwo words\n1\n");
    expect(code).toBe(5);
  });

  it("says what is wrong with a line and goes on", async () => {
    const { stdout, stderr } = await new InThreadShell().session([
      "}${a[ #",
      "echo status=$?",
      "nosuch; echo $?",
    ]);
    expect(stdout).toBe("status=2\n127\n");
    expect(stderr).toBe(
      "bash: syntax error: unterminated parameter expansion\nbash: nosuch: command not found\n",
    );
  });

  it.each(["echo ${missing?is not set}; echo never", "set -u; echo $missing; echo never"])(
    "survives %s with its state",
    async (line) => {
      const { stdout, stderr } = await new InThreadShell().session([
        "x=kept; f() { echo f $x; }; cd /tmp; export E=e",
        line,
        "echo $?; set +u; f; pwd; bash -c 'echo $E'",
      ]);
      expect(stdout).toBe("1\nf kept\n/tmp\ne\n");
      expect(stderr).toMatch(/is not set|missing: unbound/);
    },
  );

  it("ends with set -e, as bash does", async () => {
    const { stdout, code } = await new InThreadShell().session(["set -e", "false", "echo never"]);
    expect({ stdout, code }).toEqual({ stdout: "", code: 1 });
  });

  it("goes on from a state that it reported, as after ctrl-C", async () => {
    const shell = new InThreadShell();
    const { states } = await shell.session([
      "x=$'two\\nlines'; list=(1 '2 3'); declare -A map; map[k]='v w'; f() { echo \"f $x\"; }; g() { :; }; unset -f g",
      "cd /tmp; set -u; readonly r=1",
    ]);
    const last = states.at(-1);
    if (last === undefined) throw new Error("no state");
    const { stdout, stderr } = await shell.session(
      ["echo $?; pwd; f; echo ${list[1]} $r ${map[k]}; type g; echo $-"],
      { ...last, status: 130 },
    );
    expect(stdout).toMatch(/^130\n\/tmp\nf two\nlines\n2 3 1 v w\n\S*u\S*\n$/);
    expect(stderr).toContain("g: not found");
  });
});
