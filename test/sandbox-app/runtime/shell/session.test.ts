import { describe, expect, it } from "vitest";
import { newBox, Person } from "./shell-box.ts";

describe("an interactive shell", () => {
  it("keeps its state from line to line, and leaves with the status of exit", async () => {
    const person = new Person();
    expect(await person.sees(/\$ /)).not.toBe("");
    await person.type("x='a  b'; f() { echo \"f $1 $x\"; }; cd /tmp\r");
    await person.type("f one; pwd; false\r");
    expect(await person.sees(/f one a {2}b\r\n\/tmp\r\n/)).not.toBe("");
    await person.type("echo status=$?\r");
    expect(await person.sees(/status=1\r\n/)).not.toBe("");
    await person.type("exit 5\r");
    expect(await person.exit).toMatchObject({ code: 5 });
  });

  it("goes on after errors that end a script", async () => {
    const person = new Person();
    await person.type("set -u; echo $missing; echo never\r");
    expect(await person.sees(/missing: unbound variable/)).not.toBe("");
    await person.type("echo )\r");
    expect(await person.sees(/syntax error near unexpected token `\)'/)).not.toBe("");
    await person.type("echo ${x?gone}; echo $?\r");
    expect(await person.sees(/x: gone/)).not.toBe("");
    await person.type("echo still $((6 * 7))\r");
    expect(await person.sees(/still 42/)).not.toBe("");
  });

  it("interrupts what runs with ctrl-C, a busy loop too, and keeps its state", async () => {
    const person = new Person();
    await person.type("x=kept; while :; do :; done\r");
    expect(await person.sees(/done\r+\n/)).not.toBe("");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await person.type("\x03");
    await person.type("echo $? $x\r");
    expect(await person.sees(/130 kept\r\n/)).not.toBe("");
    await person.type("sleep 100\r");
    expect(await person.sees(/sleep 100\r+\n/)).not.toBe("");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await person.type("\x03");
    expect(await person.sees(/\^C/)).not.toBe("");
    await person.type("echo back\r");
    expect(await person.sees(/back\r\n/)).not.toBe("");
  });

  it("asks for the rest of an open block, and drops it with ctrl-C", async () => {
    const person = new Person();
    await person.type("for i in 1 2; do\r");
    expect(await person.sees(/> /)).not.toBe("");
    await person.type("echo n$i\rdone\r");
    expect(await person.sees(/n1\r\nn2\r\n/)).not.toBe("");
    await person.type("if true\r\x03echo free\r");
    expect(await person.sees(/free\r\n/)).not.toBe("");
  });

  it("completes commands, paths and variables with tab", async () => {
    const person = new Person();
    person.box.write("/home/user/workspace/some file.txt", "found\n");
    await person.type("cat some\t\r");
    expect(await person.sees(/found\r\n/)).not.toBe("");
    await person.type("base6\t</dev/null; echo $HOM\t\r");
    expect(await person.sees(/\/home\/user\r\n/)).not.toBe("");
    await person.type("echo /usr/bin/sha\t\t");
    expect(await person.sees(/sha1sum\s+sha224sum\s+sha256sum/)).not.toBe("");
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
    expect(await person.sees(/\[1\] \d+\r\n/)).not.toBe("");
    await person.type("jobs; wait\r");
    expect(await person.sees(/\[1\]\+ {2}Running {17}sleep 0.05 &\r\n/)).not.toBe("");
    expect(await person.sees(/\[1\]\+ {2}Done {20}sleep 0.05\r\n/)).not.toBe("");
  });

  it("brings a job that wants to read to the foreground", async () => {
    const person = new Person();
    await person.type('(read x; echo "read $x") &\r');
    expect(await person.sees(/\[1\] \d+\r\n/)).not.toBe("");
    await person.type("echo mine\r");
    expect(await person.sees(/\r\nmine\r\n/)).not.toBe("");
    await person.type("fg\r");
    expect(await person.sees(/fg\r+\n\(read x/)).not.toBe("");
    await person.type("typed\r");
    expect(await person.sees(/read typed\r\n/)).not.toBe("");
    await person.type("sleep 100 &\rfg\r");
    expect(await person.sees(/fg\r+\nsleep 100/)).not.toBe("");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await person.type("\x03");
    await person.type("echo after=$?\r");
    expect(await person.sees(/after=130\r\n/)).not.toBe("");
  });

  it("searches the history with ctrl-R, gives it up with ctrl-G, and puts earlier commands in", async () => {
    const person = new Person();
    await person.type("echo alpha\recho beta\r");
    await person.sees(/\r\nbeta\r\n/);
    await person.type("\x12alp");
    expect(await person.sees(/\(reverse-i-search\)`alp': echo alpha/)).not.toBe("");
    await person.type("\r");
    expect(await person.sees(/\r\nalpha\r\n/)).not.toBe("");
    await person.type("echo kept\x12nowhere");
    expect(await person.sees(/\(failed reverse-i-search\)/)).not.toBe("");
    await person.type("\x07\r");
    expect(await person.sees(/\r\nkept\r\n/)).not.toBe("");
    await person.type("!echo; echo !$\r");
    expect(await person.sees(/\r\nkept\r\nkept\r\n/)).not.toBe("");
    await person.type("!nosuch\r");
    expect(await person.sees(/!nosuch: event not found/)).not.toBe("");
  });

  it("says once that ctrl-Z stops nothing", async () => {
    const person = new Person();
    await person.type("sleep 0.3\r");
    await person.sees(/sleep 0.3\r+\n/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await person.type("\x1a");
    expect(await person.sees(/cannot be stopped in this container.* & /)).not.toBe("");
    await person.type("\x1a");
    await person.type("echo went on\r");
    expect(await person.sees(/\r\nwent on\r\n/)).not.toBe("");
    expect(person.screen).not.toContain("cannot be stopped");
  });

  it("completes npm's commands and scripts, and only directories after cd", async () => {
    const person = new Person();
    person.box.write("/home/user/workspace/package.json", '{"scripts":{"build:all":"true"}}');
    person.box.write("/home/user/workspace/pack/a", "");
    await person.type("echo npm run bui\x01\x0b");
    await person.type("npm run bui\t");
    expect(await person.sees(/npm run build:all /)).not.toBe("");
    await person.type("\x15cd pa\t; pwd\r");
    expect(await person.sees(/workspace\/pack\r\n/)).not.toBe("");
  });

  it("takes many pasted lines, and keeps control sequences out of them", async () => {
    const person = new Person();
    await person.type(
      "\x1b[200~for i in 1 2; do\n  echo n$i\ndone\x1b[201~\x1b[99~\x1bOQ\x1b[1;2R\r",
    );
    expect(await person.sees(/\r\nn1\r\nn2\r\n/)).not.toBe("");
  });

  it("shows a prompt of the user's own, and aliases from .bashrc", async () => {
    const box = newBox();
    box.write("/home/user/.bashrc", "PS1='\\u@\\h \\W $(echo sub)> '; alias hi='echo hello'\n");
    const person = new Person(box, {});
    expect(await person.sees(/user@disco workspace sub> /)).not.toBe("");
    await person.type("hi you\r");
    expect(await person.sees(/hello you\r\n/)).not.toBe("");
  });
});
