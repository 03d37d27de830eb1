import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FileEvent, Runtime, SpawnOptions } from "#sandbox/runtime/runtime.ts";
import { runningProgramsContract } from "./runtime-programs.ts";
import { scanContract } from "./runtime-scan.ts";
import { bytesOf, finish, type Finished, readScreen } from "./runtime-streams.ts";

export interface RuntimeUnderTest {
  readonly name: string;
  /** A fresh container. */
  readonly boot: () => Promise<Runtime>;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What every runtime promises to the rest of the tab, whichever runs the container. */
export function runtimeContract({ name, boot }: RuntimeUnderTest): void {
  describe(`${name} runtime`, () => {
    let runtime: Runtime;
    const path = (file: string): string => `${runtime.root}/${file}`;
    const bash = async (
      line: string,
      options: SpawnOptions = {},
      input?: Uint8Array,
    ): Promise<Finished> => finish(await runtime.spawn("bash", ["-c", line], options), input);

    beforeAll(async () => {
      runtime = await boot();
    });
    afterAll(() => runtime.dispose());

    describe("files", () => {
      const contents: Record<string, Uint8Array> = {
        "empty.txt": new Uint8Array(),
        "binary.bin": Uint8Array.from({ length: 256 }, (_, index) => index),
        "windows.txt": encode("one\r\ntwo\r\n"),
        "naïve – 名前 😀.txt": encode("é"),
        "five-mb.bin": Uint8Array.from({ length: 5 * 1024 * 1024 }, (_, index) => index % 251),
      };

      it.each(Object.keys(contents))("gives %s back byte for byte", async (file) => {
        const content = contents[file] ?? new Uint8Array();
        await runtime.files.write(path(file), content);
        const back = await runtime.files.read(path(file));
        expect(back.byteLength).toBe(content.byteLength);
        expect(back.every((byte, index) => byte === content[index])).toBe(true);
        expect(await runtime.files.stat(path(file))).toMatchObject({
          type: "file",
          size: content.byteLength,
        });
      });

      it("keeps its own copy of what it was given and gave", async () => {
        const content = encode("before");
        await runtime.files.write(path("own.txt"), content);
        content.fill(0);
        (await runtime.files.read(path("own.txt"))).fill(1);
        expect(decode(await runtime.files.read(path("own.txt")))).toBe("before");
      });

      it("lists sorted by name, with types", async () => {
        await runtime.files.mkdir(path("listed/b/c"), { recursive: true });
        await runtime.files.write(path("listed/a.txt"), encode("a"));
        await runtime.files.write(path("listed/Z.txt"), encode("z"));
        expect(await runtime.files.list(path("listed"))).toEqual([
          { name: "Z.txt", type: "file" },
          { name: "a.txt", type: "file" },
          { name: "b", type: "directory" },
        ]);
      });

      it("says what is wrong with a POSIX code and the path", async () => {
        const { files } = runtime;
        await files.mkdir(path("full/inner"), { recursive: true });
        await files.write(path("plain.txt"), encode("x"));
        const failures: [Promise<unknown>, string][] = [
          [files.read(path("none.txt")), "ENOENT"],
          [files.read(path("full")), "EISDIR"],
          [files.write(path("nowhere/x.txt"), encode("x")), "ENOENT"],
          [files.write(path("full"), encode("x")), "EISDIR"],
          [files.list(path("plain.txt")), "ENOTDIR"],
          [files.stat(path("plain.txt/below")), "ENOTDIR"],
          [files.mkdir(path("full")), "EEXIST"],
          [files.remove(path("full")), "ENOTEMPTY"],
          [files.remove(path("none.txt")), "ENOENT"],
          [files.rename(path("none.txt"), path("x.txt")), "ENOENT"],
          [files.realpath(path("none.txt")), "ENOENT"],
        ];
        for (const [failure, code] of failures) {
          await expect(failure).rejects.toMatchObject({ name: "FileError", code });
        }
        await expect(files.read(path("none.txt"))).rejects.toThrow(
          `ENOENT: no such file or directory, open '${path("none.txt")}'`,
        );
      });

      it("renames over a file, and removes trees", async () => {
        const { files } = runtime;
        await files.write(path("from.txt"), encode("new"));
        await files.write(path("to.txt"), encode("old"));
        await files.rename(path("from.txt"), path("to.txt"));
        expect(decode(await files.read(path("to.txt")))).toBe("new");
        await expect(files.stat(path("from.txt"))).rejects.toMatchObject({ code: "ENOENT" });
        await files.mkdir(path("tree/deep"), { recursive: true });
        await files.write(path("tree/deep/x.txt"), encode("x"));
        await files.remove(path("tree"), { recursive: true });
        await expect(files.stat(path("tree"))).rejects.toMatchObject({ code: "ENOENT" });
      });

      it("tells of changes, whoever makes them, until it is told to stop", async () => {
        await runtime.files.mkdir(path("watched"));
        const events: FileEvent[] = [];
        const stop = runtime.files.watch(path("watched"), (event) => events.push(event));
        await runtime.files.write(path("watched/a.txt"), encode("1"));
        await bash("echo 2 > watched/a.txt; rm watched/a.txt");
        await expect
          .poll(() => events.map(({ type }) => type))
          .toEqual(expect.arrayContaining(["created", "changed", "removed"]));
        expect(new Set(events.map((event) => event.path))).toEqual(
          new Set([path("watched/a.txt")]),
        );
        stop();
        const before = events.length;
        await runtime.files.write(path("watched/b.txt"), encode("1"));
        await runtime.files.stat(path("watched/b.txt"));
        expect(events.length).toBe(before);
      });
    });

    scanContract(() => runtime);

    describe("programs", () => {
      it("run with output, errors and exit code kept apart", async () => {
        expect(await bash("echo out; echo err >&2; exit 3")).toEqual({
          stdout: "out\n",
          stderr: runtime.capabilities.separateStderr ? "err\n" : "",
          code: 3,
          signal: null,
        });
      });

      it("get their arguments as they are", async () => {
        await runtime.files.write(path("quoted.txt"), encode("a b\n$HOME 'x' \"y\"\n"));
        const process = await runtime.spawn("grep", ["-n", "$HOME 'x' \"y\"", "quoted.txt"]);
        expect(await finish(process)).toMatchObject({ stdout: "2:$HOME 'x' \"y\"\n", code: 0 });
        expect(await bash('printf "[%s]" "$0" "$@"', {})).toMatchObject({ stdout: "[bash]" });
        const two = await runtime.spawn("bash", ["-c", 'printf "[%s]" "$@"', "zero", "a b", "*"]);
        expect(await finish(two)).toMatchObject({ stdout: "[a b][*]" });
      });

      it("read standard input to its end", async () => {
        const process = await runtime.spawn("sort", []);
        const writer = process.stdin.getWriter();
        for (const line of ["c\n", "a\n", "ü\n"]) await writer.write(encode(line));
        await writer.close();
        expect(decode(await bytesOf(process.stdout))).toBe("a\nc\nü\n");
      });

      it.each([
        ["binary", Uint8Array.from({ length: 256 }, (_, index) => index)],
        ["UTF-8", encode("naïve – 名前 😀 é Ã©\n")],
        ["one Latin-1 byte", Uint8Array.of(0xe9)],
      ])("pass %s through unchanged, both ways", async (_name, input) => {
        const process = await runtime.spawn("bash", ["-c", "cat | cat > copy.bin; cat copy.bin"]);
        const writer = process.stdin.getWriter();
        await writer.write(input);
        await writer.close();
        expect([...(await bytesOf(process.stdout))]).toEqual([...input]);
        expect([...(await runtime.files.read(path("copy.bin")))]).toEqual([...input]);
      });

      it("see their directory and environment", async () => {
        await runtime.files.mkdir(path("some dir"), { recursive: true });
        const options = { cwd: path("some dir"), env: { GREETING: "hello there" } };
        expect(
          await bash('pwd; echo "$GREETING"; bash -c \'echo "$GREETING"\'', options),
        ).toMatchObject({
          stdout: `${path("some dir")}\nhello there\nhello there\n`,
        });
        expect(await bash("pwd")).toMatchObject({ stdout: `${runtime.root}\n` });
      });

      it("that do not exist are ENOENT, and so are directories", async () => {
        await expect(runtime.spawn("no-such-program")).rejects.toMatchObject({ code: "ENOENT" });
        await expect(runtime.spawn("ls", [], { cwd: path("no-such") })).rejects.toMatchObject({
          code: "ENOENT",
        });
        expect(await bash("no-such-program")).toMatchObject({ code: 127 });
      });

      it("work on the files that everybody sees", async () => {
        await runtime.files.write(path("words.txt"), encode("b\na\nb\n"));
        expect(await bash("sort words.txt | uniq -c | tee counted.txt | wc -l")).toMatchObject({
          stdout: expect.stringMatching(/^\s*2\n$/),
          code: 0,
        });
        expect(decode(await runtime.files.read(path("counted.txt")))).toMatch(/1 a\n\s+2 b\n$/);
      });

      it("lose nothing of 5 MB of output", async () => {
        const { stdout, code } = await bash("seq 1 700000");
        expect(code).toBe(0);
        expect(stdout.length).toBeGreaterThan(4_700_000);
        const lines = stdout.trimEnd().split("\n");
        expect(lines.length).toBe(700_000);
        expect(lines.every((line, index) => line === String(index + 1))).toBe(true);
      });

      it("that run away die when they are killed, and no other notices", async () => {
        const other = bash("sleep 1; echo still here");
        const runaway = await runtime.spawn("bash", ["-c", "while true; do :; done"]);
        await new Promise((resolve) => setTimeout(resolve, 200));
        runaway.kill("SIGKILL");
        expect(await runaway.exit).toEqual({ code: null, signal: "SIGKILL" });
        expect(await other).toMatchObject({ stdout: "still here\n", code: 0 });
        expect(await bash("echo on")).toMatchObject({ stdout: "on\n" });
      });

      it("run sixteen at a time", async () => {
        const all = Array.from({ length: 16 }, (_, index) =>
          bash(`echo ${index} > many-${index}.txt; sleep 0.1; cat many-${index}.txt`),
        );
        const outputs = (await Promise.all(all)).map(({ stdout }) => stdout);
        expect(outputs).toEqual(Array.from({ length: 16 }, (_, index) => `${index}\n`));
      });
    });

    runningProgramsContract(() => runtime);

    describe("a terminal", () => {
      it("keeps directory, variables and functions from line to line", async () => {
        const shell = await runtime.spawn("bash", [], { pty: { columns: 80, rows: 24 } });
        const screen = readScreen(shell);
        await screen.until("$ ");
        await screen.type("mkdir -p term && cd term && x='a b'; f() { echo \"f: $x $1\"; }\r");
        await screen.type("pwd; f one; false\r");
        await screen.until(`${path("term")}\r\nf: a b one\r\n`);
        await screen.type("echo status=$?\r");
        await screen.until("status=1\r\n");
        await screen.type("exit 4\r");
        expect(await shell.exit).toEqual({ code: 4, signal: null });
      });

      it("interrupts a runaway with ctrl-C and goes on where it was", async () => {
        const shell = await runtime.spawn("bash", [], { pty: { columns: 80, rows: 24 } });
        const screen = readScreen(shell);
        await screen.until("$ ");
        await screen.type('cd / && y=kept && g() { echo "g $y"; }\r');
        await screen.until("/\u001b[0m $ ");
        await screen.type("while true; do :; done\r");
        await new Promise((resolve) => setTimeout(resolve, 300));
        await screen.type("\x03");
        await screen.until("^C\r\n");
        await screen.type("pwd; g; echo status=$?\r");
        await screen.until("/\r\ng kept\r\n");
        shell.kill();
        expect(await shell.exit).toEqual({ code: null, signal: "SIGTERM" });
      });
    });

    it("ends everything when it is disposed of", async () => {
      const mortal = await boot();
      const process = await mortal.spawn("bash", ["-c", "while true; do sleep 1; done"]);
      await mortal.dispose();
      await mortal.dispose();
      expect(await process.exit).toMatchObject({ code: null });
      await expect(mortal.files.read(`${mortal.root}/x`)).rejects.toThrow(Error);
      await expect(mortal.spawn("ls")).rejects.toThrow(Error);
    });
  });
}
