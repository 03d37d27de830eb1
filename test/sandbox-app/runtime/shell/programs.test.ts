import { describe, expect, it } from "vitest";
import { shellPrograms } from "#sandbox/runtime/embedded/kernel/programs.ts";
import { readsInput } from "#sandbox/runtime/embedded/shell/commands/reads-input.ts";
import { programs } from "#sandbox/runtime/embedded/shell/commands/table.ts";
import { bash, newBox } from "./shell-box.ts";

describe("programs of the shell", () => {
  it("are those that the kernel lays out, with the shell itself", () => {
    expect([...shellPrograms].toSorted()).toEqual([...programs.keys(), "bash", "sh"].toSorted());
  });

  it.each([
    ["id -u", "1000\n"],
    ["id -un; whoami", "user\nuser\n"],
    ["uname -sm", "Linux wasm32\n"],
    ["x=hidden; env | grep -c hidden", "0\n"],
    ["cat /dev/null; echo x > /dev/null; echo y > /dev/stdout", "y\n"],
    ["ls *.txt; echo '*'", "a.txt\nb.txt\n*\n"],
    [
      "mkdir -p d/e; cp a.txt d/e; cp -r d f; mv f/e/a.txt g; cat g; find d f | sort",
      "A\nd\nd/e\nd/e/a.txt\nf\nf/e\n",
    ],
    ["gzip -k a.txt; ls; rm a.txt; gunzip a.txt.gz; cat a.txt", "a.txt\na.txt.gz\nb.txt\nA\n"],
    ["cat a.txt b.txt | gzip | zcat; gzip -c a.txt | gunzip -c", "A\nB\nA\n"],
    ["printf '\\377\\0' | cat | wc -c; printf '\\377' > bytes; cat bytes bytes | wc -c", "2\n2\n"],
    ["printf '{\"a\":[1,2]}' | jq -c .a; jq -n 1+1", "[1,2]\n2\n"],
    ["nproc | grep -c '[0-9]'; ps | grep -c bash", "1\n1\n"],
  ])("%s", async (line, stdout) => {
    const box = newBox();
    box.write("/home/user/workspace/a.txt", "A\n");
    box.write("/home/user/workspace/b.txt", "B\n");
    expect(await bash(line, box)).toMatchObject({ stdout, stderr: "" });
  });

  it.each([
    ["curl https://example.com", /^curl: \(7\) This container has no network\.\n$/, 7],
    ["sudo ls", /command not found\nsudo: there is no root in this container; .+\n$/, 127],
    ["python3 -c 1", /command not found\npython3: there is no Python here: .+node.+\n$/, 127],
    ["vi file", /command not found\nvi: there is no full-screen editor .+\n$/, 127],
    ["command -v docker", /^$/, 1],
    ["gunzip missing.gz", /^gzip: missing\.gz: No such file or directory\n$/, 1],
    ["nosuch", /^bash: line 1: nosuch: command not found\n$/, 127],
  ])("%s says what is missing", async (line, stderr, code) => {
    expect(await bash(line)).toMatchObject({ stderr: expect.stringMatching(stderr), code });
  });

  it("run as processes of their own too", async () => {
    expect(await newBox().run(["grep", "b"], { input: "a\nb\n" })).toMatchObject({
      stdout: "b\n",
      code: 0,
    });
    expect(await newBox().run(["sort", "-r"], { input: "a\nb\n" })).toMatchObject({
      stdout: "b\na\n",
    });
  });

  it.each<[string, string[], boolean]>([
    ["grep", ["x"], true],
    ["grep", ["x", "file"], false],
    ["grep", ["-e", "x"], true],
    ["grep", ["-A", "2", "x"], true],
    ["grep", ["-r", "x"], false],
    ["sed", ["-n", "2p", "file"], false],
    ["sort", ["-k", "2"], true],
    ["sort", ["-k2", "file"], false],
    ["awk", ["-v", "x=1", "{print}"], true],
    ["jq", ["--arg", "a", "b", "."], true],
    ["jq", ["-n", "1"], false],
    ["ls", [], false],
    ["tr", ["a", "b"], true],
    ["comm", ["-", "file"], true],
  ])("%s %j reads standard input: %s", (name, args, reads) => {
    expect(readsInput(name, args)).toBe(reads);
  });
});
