import { describe, expect, it } from "vitest";
import { newBox, Person } from "./shell-box.ts";

describe("an interactive shell", () => {
  it("keeps its state from line to line, and leaves with the status of exit", async () => {
    const person = new Person();
    await person.sees(/\$ /);
    await person.type("x='a  b'; f() { echo \"f $1 $x\"; }; cd /tmp\r");
    await person.type("f one; pwd; false\r");
    await person.sees(/f one a {2}b\r\n\/tmp\r\n/);
    await person.type("echo status=$?\r");
    await person.sees(/status=1\r\n/);
    await person.type("exit 5\r");
    expect(await person.exit).toMatchObject({ code: 5 });
  });

  it("goes on after errors that end a script", async () => {
    const person = new Person();
    await person.type("set -u; echo $missing; echo never\r");
    await person.sees(/missing: unbound variable/);
    await person.type("echo )\r");
    await person.sees(/syntax error near unexpected token `\)'/);
    await person.type("echo ${x?gone}; echo $?\r");
    await person.sees(/x: gone/);
    await person.type("echo still $((6 * 7))\r");
    await person.sees(/still 42/);
  });

  it("interrupts what runs with ctrl-C, a busy loop too, and keeps its state", async () => {
    const person = new Person();
    await person.type("x=kept; while :; do :; done\r");
    await person.sees(/done\r+\n/);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await person.type("\x03");
    await person.type("echo $? $x\r");
    await person.sees(/130 kept\r\n/);
    await person.type("sleep 100\r");
    await person.sees(/sleep 100\r+\n/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await person.type("\x03");
    await person.sees(/\^C/);
    await person.type("echo back\r");
    await person.sees(/back\r\n/);
  });

  it("asks for the rest of an open block, and drops it with ctrl-C", async () => {
    const person = new Person();
    await person.type("for i in 1 2; do\r");
    await person.sees(/> /);
    await person.type("echo n$i\rdone\r");
    await person.sees(/n1\r\nn2\r\n/);
    await person.type("if true\r\x03echo free\r");
    await person.sees(/free\r\n/);
  });

  it("completes commands, paths and variables with tab", async () => {
    const person = new Person();
    person.box.write("/home/user/workspace/some file.txt", "found\n");
    await person.type("cat some\t\r");
    await person.sees(/found\r\n/);
    await person.type("base6\t</dev/null; echo $HOM\t\r");
    await person.sees(/\/home\/user\r\n/);
    await person.type("echo /usr/bin/sha\t\t");
    await person.sees(/sha1sum\s+sha256sum/);
  });

  it("remembers lines beyond its own life", async () => {
    const box = newBox();
    const first = new Person(box);
    await first.type("echo one\r");
    await first.sees(/one\r\n[^]*\$ /);
    await first.type("\x04");
    expect(await first.exit).toMatchObject({ code: 0 });
    expect(box.read("/home/user/.bash_history")).toBe("echo one\n");
    const second = new Person(box);
    await second.sees(/\$ /);
    await second.type("\x1b[A\r");
    await second.sees(/\none\r\n/);
  });

  it("tells of jobs", async () => {
    const person = new Person();
    await person.type("sleep 0.05 &\r");
    await person.sees(/\[1\] \d+\r\n/);
    await person.type("jobs; wait\r");
    await person.sees(/\[1\]\+ {2}Running {17}sleep 0.05 &\r\n/);
    await person.sees(/\[1\]\+ {2}Done {20}sleep 0.05\r\n/);
  });

  it("shows a prompt of the user's own, and aliases from .bashrc", async () => {
    const box = newBox();
    box.write("/home/user/.bashrc", "PS1='\\u@\\h \\W $(echo sub)> '; alias hi='echo hello'\n");
    const person = new Person(box, {});
    await person.sees(/user@disco workspace sub> /);
    await person.type("hi you\r");
    await person.sees(/hello you\r\n/);
  });
});
