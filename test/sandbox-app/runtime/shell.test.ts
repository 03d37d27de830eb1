import { describe, expect, it } from "vitest";
import { getCommandNames } from "just-bash/browser";
import { shellPrograms } from "#sandbox/runtime/embedded/kernel/programs.ts";
import { ownCommands } from "#sandbox/runtime/embedded/shell/commands.ts";
import { isIncomplete, syntaxFault } from "#sandbox/runtime/embedded/shell/guard.ts";
import { planOf } from "#sandbox/runtime/embedded/shell/plan.ts";
import { mayReadInput } from "#sandbox/runtime/embedded/shell/reads-input.ts";
import { InThreadShell } from "./in-thread-shell.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the guard", () => {
  it.each(["}${a[ #", 'ls $(($"', "echo 'open", "if true; then", "echo $(fi)", "a | | b", ")"])(
    "refuses %j before it reaches just-bash",
    async (line) => {
      expect(syntaxFault(line)).not.toBeNull();
      const { stderr, code } = await new InThreadShell().bash(line);
      expect(stderr).toMatch(/^bash: -c: line 1: syntax error/);
      expect(code).toBe(2);
    },
  );

  it("names the line", () => {
    expect(syntaxFault("echo a\necho b\n)")?.line).toBe(3);
  });

  it.each([
    "echo 'a",
    "if true; then",
    "f() {",
    "a &&",
    "a |",
    "echo $(ls",
    "cat <<E\nx",
    "a \\",
    "for i in 1",
  ])("asks for more after %j", (line) => expect(isIncomplete(line)).toBe(true));

  it.each(["echo a", "fi", "if true; done", "cat <<E\nx\nE", "echo 'a\\'", "# it's", "echo )"])(
    "asks for nothing after %j",
    (line) => expect(isIncomplete(line)).toBe(false),
  );
});

describe("programs", () => {
  it("are listed as just-bash and the shell's own commands bring them", () => {
    const own = ownCommands.map(({ name }) => name);
    expect([...shellPrograms].toSorted()).toEqual(
      [...new Set([...getCommandNames(), ...own])].toSorted(),
    );
  });

  it.each([
    ["id -u", "1000\n"],
    ["id -un; whoami", "user\nuser\n"],
    ["echo $HOME $USER; cd; pwd", "/home/user user\n/home/user\n"],
    ["uname -sm", "Linux wasm32\n"],
    ["x=hidden; env | grep -c hidden", "0\n"],
    ["cat /dev/null; echo x > /dev/null; echo y > /dev/stdout", "y\n"],
    ["cat <(echo one) <(echo two)", "one\ntwo\n"],
    ["ls *.txt; echo '*'", "a.txt\nb.txt\n*\n"],
    [
      "mkdir -p d/e; cp a.txt d/e; cp -r d f; mv f/e/a.txt g; cat g; find d f | sort",
      "A\nd\nd/e\nd/e/a.txt\nf\nf/e\n",
    ],
    ["ln -s a.txt l; cat l; readlink l; rm l; cat a.txt", "A\na.txt\nA\n"],
    ["chmod 755 a.txt; stat -c %a a.txt", "755\n"],
    ["gzip -k a.txt; ls; rm a.txt; gunzip a.txt.gz; cat a.txt", "a.txt\na.txt.gz\nb.txt\nA\n"],
    ["cat a.txt b.txt | gzip | zcat; gzip -c a.txt | gunzip -c", "A\nB\nA\n"],
    ["sed -i s/A/Z/ a.txt && cat a.txt", "Z\n"],
  ])("%s", async (line, stdout) => {
    const shell = new InThreadShell();
    shell.files.write("/home/user/workspace/a.txt", encode("A\n"));
    shell.files.write("/home/user/workspace/b.txt", encode("B\n"));
    expect(await shell.bash(line)).toEqual({ stdout, stderr: "", code: expect.any(Number) });
  });

  it("say what they cannot decompress", async () => {
    const { stderr, code } = await new InThreadShell().bash(
      "echo no > x.gz; gunzip x.gz; gunzip y.gz",
    );
    expect({ stderr, code }).toEqual({
      stderr: "gunzip: x.gz: not in gzip format\ngunzip: y.gz: No such file or directory\n",
      code: 1,
    });
  });

  it("without network say so", async () => {
    const { stderr, code } = await new InThreadShell().bash("curl https://example.com");
    expect({ stderr, code }).toEqual({
      stderr: "curl: this container has no network access\n",
      code: 7,
    });
  });

  it("cannot change what belongs to the system", async () => {
    const { stderr, code } = await new InThreadShell().bash("echo x > /etc/passwd");
    expect({ stderr, code }).toEqual({
      stderr: "bash: /etc/passwd: Permission denied\n",
      code: 1,
    });
  });
});

describe("scripts", () => {
  it("run by path and by name, with their arguments", async () => {
    const shell = new InThreadShell();
    const script =
      '#!/usr/bin/env bash\necho "$0 $# [$1] [$2]"\nfor a in "$@"; do echo "$a"; done\nexit 9\n';
    shell.files.write("/home/user/workspace/run.sh", encode(script));
    const stdout = "./run.sh 2 [a b] []\na b\n\n";
    expect(await shell.run(["bash", "./run.sh", "a b", ""])).toEqual({
      stdout,
      stderr: "",
      code: 9,
    });
    shell.files.chmod("/home/user/workspace/run.sh", 0o755);
    expect(await shell.run(["./run.sh", "a b", ""])).toMatchObject({ stdout, code: 9 });
  });

  it("that are missing, or for another interpreter, say so", async () => {
    const shell = new InThreadShell();
    expect(await shell.run(["bash", "none.sh"])).toEqual({
      stdout: "",
      stderr: "bash: none.sh: No such file or directory\n",
      code: 127,
    });
    shell.files.write("/home/user/workspace/x.js", encode("#!/usr/bin/env node\n"));
    shell.files.chmod("/home/user/workspace/x.js", 0o755);
    expect(await shell.run(["./x.js"])).toMatchObject({
      stderr: "bash: ./x.js: node: bad interpreter\n",
      code: 127,
    });
  });

  it("come from standard input when bash is given none", async () => {
    const shell = new InThreadShell();
    expect(await shell.run(["bash"], encode("x=1\necho $x\n"))).toMatchObject({ stdout: "1\n" });
  });

  it.each([
    [["bash", "-ec", "false; echo never"], 1],
    [["bash", "-u", "-c", "echo $missing"], 1],
    [["bash", "--frobnicate"], 2],
    [["bash", "-c"], 2],
  ])("obey the flags of %j", async (argv, code) => {
    expect(await new InThreadShell().run(argv)).toMatchObject({ stdout: "", code });
  });

  it("knows flags from operands", () => {
    expect(planOf("/bin/bash", ["bash", "-lc", "x", "zero", "-e"])).toMatchObject({
      name: "zero",
      args: ["-e"],
      options: "",
    });
    expect(planOf("/usr/bin/grep", ["grep", "-c"])).toMatchObject({ name: "grep", args: ["-c"] });
  });
});

describe("output", () => {
  it("comes command by command, also from within loops, in order", async () => {
    const shell = new InThreadShell();
    await shell.bash(
      "for i in 1 2; do echo out $i; echo err $i >&2; done; if true; then echo end; fi",
    );
    const order = shell.chunks.map(
      ({ stream, bytes }) => `${stream}: ${new TextDecoder().decode(bytes)}`,
    );
    expect(order).toEqual([
      "stdout: out 1\n",
      "stderr: err 1\n",
      "stdout: out 2\n",
      "stderr: err 2\n",
      "stdout: end\n",
    ]);
  });

  it.each([
    ["echo a | tr a b; x=$(echo c); echo $x", "b\nc\n"],
    ["{ echo a; echo b; } | wc -l", "2\n"],
    ["f() { echo f; }; f | tr f g; f", "g\nf\n"],
    ["echo a > f; echo b >> f; cat f", "a\nb\n"],
    ["(echo sub; exit 3); echo $?", "sub\n3\n"],
    ["for i in 1 2; do echo $i; done > f; wc -l < f", "2\n"],
    ["exec > log; echo hidden; exec > /dev/stdout; cat log", "hidden\n"],
    ["echo both 2>&1; ls /none 2>&1 | wc -l", "both\n1\n"],
    ['while read l; do echo "[$l]"; done', "[one]\n[two]\n"],
    ["echo é; echo 'Ã©'; printf '\\x41'", "é\nÃ©\nA"],
    ["true && echo yes || echo no; ! false && echo not", "yes\nnot\n"],
    [
      "case x in x) echo case;; esac; until true; do :; done; [[ a == a ]] && echo same",
      "case\nsame\n",
    ],
    ["xargs -n 1 echo got <<< 'a b' | sort -r", "got b\ngot a\n"],
  ])("of %s is as in bash", async (line, stdout) => {
    expect(await new InThreadShell().bash(line, "one\ntwo\n")).toMatchObject({
      stdout,
      stderr: "",
    });
  });

  it("of a substitution keeps exit code, value and errors", async () => {
    const { stdout, stderr } = await new InThreadShell().bash(
      "x=$(nosuch); echo $?; y=$(echo 1); echo $y",
    );
    expect({ stdout, stderr }).toEqual({
      stdout: "127\n1\n",
      stderr: "bash: nosuch: command not found\n",
    });
  });

  it("is binary where the bytes are", async () => {
    const shell = new InThreadShell();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    shell.files.write("/home/user/workspace/all.bin", bytes);
    await shell.bash("echo é; cat all.bin; echo é");
    const out = Buffer.concat(shell.chunks.map((chunk) => chunk.bytes));
    expect(out).toEqual(Buffer.concat([encode("é\n"), bytes, encode("é\n")]));
  });
});

describe("standard input", () => {
  it.each(["echo hi", "ls; sleep 1", "f() { echo; }; f", "for i in 1; do :; done"])(
    "is not waited for by %j",
    (line) => expect(mayReadInput(line)).toBe(false),
  );
  it.each([
    "cat",
    "echo $(cat)",
    "read x",
    "./script.sh",
    '"$tool"',
    "ls | wc",
    "if grep x; then :; fi",
  ])("is waited for by %j", (line) => expect(mayReadInput(line)).toBe(true));
});
