import { describe, expect, it } from "vitest";
import { Terminal, type TerminalHost } from "#sandbox/runtime/embedded/kernel/open/terminal.ts";
import { Waits } from "#sandbox/runtime/embedded/kernel/open/waits.ts";

const FOREGROUND = 7;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

class Stage implements TerminalHost {
  readonly signals: string[] = [];
  readonly ignoring = new Set<number>();
  readonly terminal = new Terminal({ columns: 80, rows: 24 }, this);

  constructor() {
    this.terminal.foreground = FOREGROUND;
  }

  signalGroup(group: number, signal: string): void {
    this.signals.push(`${group} ${signal}`);
  }

  ignores(pid: number): boolean {
    return this.ignoring.has(pid);
  }

  async type(text: string): Promise<void> {
    await this.terminal.type(encode(text));
  }

  async read(length = 100, pid = FOREGROUND): Promise<string> {
    const caller = { pid, group: pid, waits: new Waits() };
    return decode(await this.terminal.read(length, caller));
  }

  async screen(): Promise<string> {
    return decode(await this.terminal.readScreen(10_000, new Waits()));
  }
}

describe("a cooked terminal", () => {
  it("gives whole lines, echoed as they are typed", async () => {
    const stage = new Stage();
    await stage.type("hello\rnext");
    expect(await stage.read()).toBe("hello\n");
    expect(await stage.screen()).toBe("hello\r\nnext");
    await stage.type("\r");
    expect(await stage.read(2)).toBe("ne");
    expect(await stage.read()).toBe("xt\n");
  });

  it.each([
    ["one character", "abc\x7f\r", "ab\n"],
    ["a character of several bytes", "aé\x7f\r", "a\n"],
    ["a word", "one two  \x17\r", "one \n"],
    ["the line", "one two\x15three\r", "three\n"],
    ["nothing more than there is", "a\x7f\x7f\x7fb\r", "b\n"],
  ])("erases %s", async (_what, typed, line) => {
    const stage = new Stage();
    await stage.type(typed);
    expect(await stage.read()).toBe(line);
  });

  it("takes wide characters off the screen whole", async () => {
    const stage = new Stage();
    await stage.type("名\x7f");
    expect(await stage.screen()).toBe("名\b \b\b \b");
  });

  it("puts characters together that come in parts", async () => {
    const stage = new Stage();
    const [first = 0, ...rest] = encode("😀");
    await stage.terminal.type(Uint8Array.of(first));
    await stage.terminal.type(Uint8Array.from(rest));
    await stage.type("\r");
    expect(await stage.read()).toBe("😀\n");
  });

  it("ends its input on ctrl-D, and gives half a line out on it", async () => {
    const stage = new Stage();
    await stage.type("half\x04\x04");
    expect(await stage.read()).toBe("half");
    expect(await stage.read()).toBe("");
  });

  it.each([
    ["\x03", "7 SIGINT", "^C"],
    ["\x1a", "7 SIGTSTP", "^Z"],
    ["\x1c", "7 SIGQUIT", "^\\"],
  ])("turns %j into a signal and forgets the line", async (key, signal, echo) => {
    const stage = new Stage();
    await stage.type(`lost${key}kept\r`);
    expect(stage.signals).toEqual([signal]);
    expect(await stage.read()).toBe("kept\n");
    expect(await stage.screen()).toBe(`lost${echo}kept\r\n`);
  });

  it("stops a background reader, which reads when it comes to the foreground", async () => {
    const stage = new Stage();
    const reading = stage.read(100, 8);
    expect(stage.signals).toEqual(["8 SIGTTIN"]);
    await stage.type("line\r");
    stage.terminal.foreground = 8;
    expect(await reading).toBe("line\n");
    stage.ignoring.add(9);
    await expect(stage.read(100, 9)).rejects.toMatchObject({ code: "EIO" });
  });

  it("refuses what no line can hold with a bell", async () => {
    const stage = new Stage();
    await stage.type(`${"x".repeat(5_000)}\r`);
    expect((await stage.read(10_000)).length).toBe(4_097);
    expect(await stage.screen()).toContain("\u0007");
  });
});

describe("a raw terminal", () => {
  it("gives keys as they come, without echo and without signals", async () => {
    const stage = new Stage();
    stage.terminal.mode = "raw";
    await stage.type("a\x03\x7f");
    expect(await stage.read()).toBe("a\x03\x7f");
    expect(stage.signals).toEqual([]);
    stage.terminal.mode = "cooked";
    await stage.type("b");
    expect(await stage.screen()).toBe("b");
  });

  it("keeps what was typed when the mode changes", async () => {
    const stage = new Stage();
    await stage.type("one\rtw");
    stage.terminal.mode = "raw";
    expect(await stage.read()).toBe("one\ntw");
  });

  it("makes whoever types wait when nobody reads", async () => {
    const stage = new Stage();
    stage.terminal.mode = "raw";
    let typed = false;
    const typing = stage.type("x".repeat(70_000)).then(() => (typed = true));
    await Promise.resolve();
    expect(typed).toBe(false);
    expect((await stage.read(70_000)).length).toBe(70_000);
    await typing;
  });
});

describe("any terminal", () => {
  it("shows line feeds as new lines, tells of its size, and ends when it is hung up", async () => {
    const stage = new Stage();
    const caller = { pid: FOREGROUND, group: FOREGROUND, waits: new Waits() };
    await stage.terminal.write(encode("a\nb\n"), caller);
    expect(await stage.screen()).toBe("a\r\nb\r\n");
    stage.terminal.resize({ columns: 100, rows: 30 });
    expect(stage.terminal.size).toEqual({ columns: 100, rows: 30 });
    expect(stage.signals).toEqual(["7 SIGWINCH"]);
    const reading = stage.read();
    stage.terminal.hangUp();
    expect(await reading).toBe("");
    expect(await stage.screen()).toBe("");
    expect(() => stage.terminal.write(encode("x"), caller)).toThrow("EIO");
  });
});
