import { afterAll, describe, expect, it } from "vitest";
import { NodeContainer } from "#test/support/node-container.ts";
import { WORKSPACE } from "#sandbox/runtime/embedded/kernel/layout.ts";
import { type Outcome, readCases, withoutOwnFrames } from "./read-cases.ts";

const texts = import.meta.glob<string>("./cases/*.cases", {
  query: "?raw",
  import: "default",
  eager: true,
});
const expected = import.meta.glob<Record<string, Outcome>>("./expected/*.json", {
  import: "default",
  eager: true,
});

/** Milliseconds: a case may start a dozen processes, one after the other. */
const CASE_TIMEOUT_MS = 90_000;

const container = new NodeContainer();
afterAll(() => container.dispose());

for (const [file, text] of Object.entries(texts)) {
  const group = file.replace("./cases/", "").replace(".cases", "");
  describe(`Node in the container does as real Node: ${group}`, () => {
    for (const [index, each] of readCases(text).entries()) {
      const { name, args, files, input, env } = each;
      it(`does: ${name}`, { timeout: CASE_TIMEOUT_MS }, async () => {
        const directory = `${WORKSPACE}/${group}-${index}`;
        container.files.mkdirp(directory);
        for (const [path, content] of Object.entries(files)) {
          container.write(`${directory}/${path}`, content);
        }
        const ran = await container.run(["node", ...args], { cwd: directory, env, input });
        const plain = (output: string): string => output.replaceAll(directory, WORKSPACE);
        const stderr = each.comparesErrors ? { stderr: withoutOwnFrames(plain(ran.stderr)) } : {};
        const outcome = { stdout: plain(ran.stdout), ...stderr, code: ran.code };
        expect(outcome, ran.stderr).toEqual(expected[`./expected/${group}.json`]?.[name]);
      });
    }
  });
}
