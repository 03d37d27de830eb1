import { describe, expect, it } from "vitest";
import { Terminal, TerminalFile } from "#sandbox/runtime/embedded/kernel/open/terminal.ts";
import { Waits } from "#sandbox/runtime/embedded/kernel/open/waits.ts";
import { OpenFlag } from "#sandbox/runtime/embedded/kernel/system-calls.ts";
import { KernelInThread } from "#test/support/kernel-in-thread.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("devices", () => {
  it("are null, zero, full and random", async () => {
    const system = new KernelInThread().system();
    const open = (name: string): number => system.callSync("open", `/dev/${name}`, OpenFlag.RDWR);
    const [none, zero, full, random] = ["null", "zero", "full", "urandom"].map(open);
    expect(system.callSync("read", none ?? -1, 9, null).byteLength).toBe(0);
    expect(system.callSync("write", none ?? -1, encode("gone"), null)).toBe(4);
    expect(system.callSync("read", zero ?? -1, 3, null)).toEqual(new Uint8Array(3));
    expect(() => system.callSync("write", full ?? -1, encode("x"), null)).toThrow("ENOSPC");
    const bytes = system.callSync("read", random ?? -1, 64, null);
    expect(new Set(bytes).size).toBeGreaterThan(8);
    await system.call("writeFile", "/dev/null", encode("gone"));
    system.callSync("symlink", "/dev/null", "/tmp/link");
    await system.call("writeFile", "/tmp/link", encode("gone"));
    expect((await system.call("readFile", "/tmp/link")).byteLength).toBe(0);
    expect(system.callSync("stat", "/dev/null").type).toBe("device");
  });

  it("name the process's own descriptors", async () => {
    const system = new KernelInThread().system();
    const { readEnd, writeEnd } = system.callSync("pipe");
    await system.call("writeFile", `/dev/fd/${writeEnd}`, encode("through"));
    system.callSync("duplicateTo", readEnd, 0);
    system.callSync("close", writeEnd);
    expect(decode(await system.call("readFile", "/dev/stdin"))).toBe("through");
    const again = system.callSync("open", "/proc/self/fd/0", OpenFlag.RDONLY);
    expect(system.callSync("fstat", again).type).toBe("pipe");
    expect(() => system.callSync("open", "/dev/fd/99", OpenFlag.RDONLY)).toThrow("EBADF");
    expect(() => system.callSync("open", "/dev/tty", OpenFlag.RDWR)).toThrow("ENXIO");
  });

  it("lead to the terminal of the process", async () => {
    const box = new KernelInThread();
    const terminal = new Terminal({ columns: 80, rows: 24 }, box.kernel);
    const file = new TerminalFile(terminal, 1);
    const system = box.system({ terminal, files: [file, file, file] });
    const fd = system.callSync("open", "/dev/tty", OpenFlag.RDWR);
    expect(system.callSync("terminalSize", fd)).toEqual({ columns: 80, rows: 24 });
    system.callSync("terminalMode", fd, "raw");
    await terminal.type(encode("key"));
    expect(decode(await system.call("read", 0, 9, null))).toBe("key");
    system.callSync("write", fd, encode("shown"), null);
    expect(decode(await terminal.readScreen(100, new Waits()))).toBe("shown");
    const { readEnd } = system.callSync("pipe");
    expect(system.callSync("terminalSize", readEnd)).toBeNull();
    expect(() => system.callSync("terminalMode", readEnd, "raw")).toThrow("ENOTTY");
  });
});

describe("open files", () => {
  it("live on when their name is gone, and give their bytes back at the end", () => {
    const box = new KernelInThread();
    const system = box.system();
    const before = box.files.usedBytes;
    const fd = system.callSync("open", "/tmp/a", OpenFlag.RDWR | OpenFlag.CREAT);
    system.callSync("write", fd, encode("still here"), null);
    system.callSync("unlink", "/tmp/a");
    expect(() => system.callSync("stat", "/tmp/a")).toThrow("ENOENT");
    expect(decode(system.callSync("read", fd, 100, 0))).toBe("still here");
    expect(system.callSync("fstat", fd).nlink).toBe(0);
    expect(box.files.usedBytes).toBe(before + 10);
    system.callSync("close", fd);
    expect(box.files.usedBytes).toBe(before);
  });

  it("are opened as their flags say", () => {
    const system = new KernelInThread().system();
    const open = (flags: number): number => system.callSync("open", "/tmp/a", flags);
    const { CREAT, EXCL, WRONLY, APPEND, TRUNC, DIRECTORY, NOFOLLOW, RDONLY } = OpenFlag;
    expect(() => open(WRONLY)).toThrow("ENOENT");
    const first = open(CREAT | EXCL | WRONLY);
    expect(() => open(CREAT | EXCL | WRONLY)).toThrow("EEXIST");
    system.callSync("write", first, encode("abc"), null);
    const appending = open(WRONLY | APPEND);
    system.callSync("write", first, encode("d"), null);
    system.callSync("write", appending, encode("e"), 0);
    expect(decode(system.callSync("readFile", "/tmp/a"))).toBe("abcde");
    expect(() => system.callSync("read", first, 1, null)).toThrow("EBADF");
    expect(() => system.callSync("write", open(RDONLY), encode("x"), null)).toThrow("EBADF");
    open(WRONLY | TRUNC);
    expect(system.callSync("stat", "/tmp/a").size).toBe(0);
    expect(() => open(RDONLY | DIRECTORY)).toThrow("ENOTDIR");
    system.callSync("symlink", "a", "/tmp/link");
    expect(() => system.callSync("open", "/tmp/link", RDONLY | NOFOLLOW)).toThrow("ELOOP");
    expect(() => system.callSync("open", "/tmp", WRONLY)).toThrow("EISDIR");
    const directory = system.callSync("open", "/tmp", RDONLY);
    expect(() => system.callSync("read", directory, 1, null)).toThrow("EISDIR");
  });

  it("tell watchers where they stand now, wherever they were opened", () => {
    const system = new KernelInThread().system();
    const paths: string[] = [];
    system.callSync("mkdir", "/tmp/old");
    const fd = system.callSync("open", "/tmp/old/a", OpenFlag.WRONLY | OpenFlag.CREAT);
    system.callSync("rename", "/tmp/old", "/tmp/new");
    const watch = system.callSync("watch", "/tmp");
    system.onEvent((event) => event.type === "watch" && paths.push(event.event.path));
    system.callSync("write", fd, encode("x"), null);
    return Promise.resolve().then(() => {
      expect(paths).toEqual(["/tmp/new/a"]);
      system.callSync("unwatch", watch);
    });
  });

  it("are limited in number", () => {
    const system = new KernelInThread().system();
    const openAll = (): void => {
      for (let count = 0; count < 2_000; count++) system.callSync("duplicate", 0);
    };
    expect(openAll).toThrow("EMFILE");
    expect(() => system.callSync("pipe")).toThrow("EMFILE");
    system.callSync("close", 9);
    expect(() => system.callSync("pipe")).toThrow("EMFILE");
    expect(system.callSync("duplicate", 0)).toBe(9);
  });
});
