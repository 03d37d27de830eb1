import { afterAll, describe, expect, it } from "vitest";
import { WORKSPACE } from "#sandbox/runtime/embedded/kernel/layout.ts";
import { NodeContainer } from "#test/support/node-container.ts";
import packed from "./packed.json" with { type: "json" };

const container = new NodeContainer();
afterAll(() => container.dispose());

const identity =
  'git config --global user.name "Ada" && git config --global user.email ada@example.com';

function bash(script: string): ReturnType<NodeContainer["run"]> {
  return container.run(["bash", "-c", script]);
}

describe("git as a process of the container", () => {
  it("makes a commit, from the shell, with its input and output in pipes", async () => {
    container.write("a.txt", "hello\n");
    const date = "@1700000000 +0000";
    const ran = await container.run(
      [
        "bash",
        "-c",
        `${identity} && git init -q -b main && git add . && echo 'By a pipe' | git commit -q -F - && git log --format='%H %an %s' | cat && git status --porcelain`,
      ],
      { env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } },
    );
    expect(ran.stderr).toBe("");
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^[0-9a-f]{40} Ada By a pipe\n$/);
  });

  it("ends when nobody reads its output any more", async () => {
    const ran = await bash(
      "for i in 1 2 3; do git commit -q --allow-empty -m $i; done; git log | head -n 1",
    );
    expect(ran.stdout).toMatch(/^commit [0-9a-f]{40}\n$/);
  });

  it("runs as a child of a Node program, which sees its exit code", async () => {
    container.write(
      "run.js",
      [
        "const { spawnSync } = require('node:child_process');",
        "const one = spawnSync('git', ['rev-parse', '--abbrev-ref', 'HEAD'], { encoding: 'utf8' });",
        "const two = spawnSync('git', ['rev-parse', '--verify', 'nowhere'], { encoding: 'utf8' });",
        "console.log(one.stdout.trim(), one.status, two.status, two.stderr.trim());",
      ].join("\n"),
    );
    const ran = await container.run(["node", "run.js"]);
    expect(ran.stdout).toBe("main 0 128 fatal: Needed a single revision\n");
  });

  it("reads what git has packed", async () => {
    const directory = `${WORKSPACE}/packed`;
    const packs = `${directory}/.git/objects/pack`;
    container.files.mkdirp(packs);
    const bytes = (text: string): Uint8Array =>
      Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    container.files.write(`${packs}/${packed.name}.pack`, bytes(packed.pack));
    container.files.write(`${packs}/${packed.name}.idx`, bytes(packed.index));
    container.write(`${directory}/.git/HEAD`, "ref: refs/heads/main\n");
    container.write(`${directory}/.git/refs/heads/main`, `${packed.head}\n`);
    const ran = await container.run(["git", "log", "-p", "--format=%s", "-1"], { cwd: directory });
    expect(ran.stderr).toBe("");
    expect(ran.stdout).toContain("Number 2\n\ndiff --git a/a.txt b/a.txt\n");
    expect(ran.stdout).toContain("\n-seven 1\n+seven 2\n");
  });
});
