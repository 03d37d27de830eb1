import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { WORKSPACE } from "#sandbox/runtime/embedded/kernel/layout.ts";
import { type NodeCase, type Outcome, readCases, withoutOwnFrames } from "./read-cases.ts";

const folder = path.join(import.meta.dirname, "cases");

/** Runs a case in the Node that runs this test, in an empty directory. */
async function runInNode({ args, files, input, env, comparesErrors }: NodeCase): Promise<Outcome> {
  const directory = await realpath(await mkdtemp(path.join(tmpdir(), "disco-case-")));
  try {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(directory, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    return await new Promise((resolve) => {
      const options = {
        cwd: directory,
        env: { PATH: "/usr/bin:/bin", HOME: "/home/user", ...env },
      };
      const child = execFile(process.execPath, args, options, (error, stdout, stderr) => {
        const code = error === null ? 0 : (error.code as number | null);
        const plain = (output: string): string => output.replaceAll(directory, WORKSPACE);
        const errors = comparesErrors ? { stderr: withoutOwnFrames(plain(stderr)) } : {};
        resolve({ stdout: plain(stdout), ...errors, code });
      });
      // A program that reads nothing may be gone before its input is written.
      child.stdin?.on("error", () => undefined).end(input);
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

// The files that this writes (vitest -u) are what the container is held against in Chromium.
describe("the expectations of the differential cases are real Node's", async () => {
  for (const file of await readdir(folder)) {
    const group: string = file.replace(/\.cases$/, "");
    it(`as they are for ${group}`, { timeout: 120_000 }, async () => {
      const outcomes: Record<string, Outcome> = {};
      for (const each of readCases(await readFile(path.join(folder, file), "utf8"))) {
        outcomes[each.name] = await runInNode(each);
      }
      const text = `${JSON.stringify(outcomes, null, 2)}\n`;
      await expect(text).toMatchFileSnapshot(
        path.join(import.meta.dirname, `expected/${group}.json`),
      );
    });
  }
});
