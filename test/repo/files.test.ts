import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readText, repositoryFiles, sourceFiles } from "#test/support/repository.ts";

const LINES_MAX = 300;
const LINES_MEDIAN_MAX = 100;

const linesOf = (file: string) => readText(file).split("\n").length - 1;
const isText = (file: string) => !/\.(png|jpg|ico|woff2|zip)$/.test(file);

describe("source files", () => {
  it("are short: at most 300 lines each, half of them at most 100", () => {
    const lengths = sourceFiles().map((file) => ({ file, lines: linesOf(file) }));
    expect(lengths.filter(({ lines }) => lines > LINES_MAX)).toEqual([]);
    const sorted = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(LINES_MEDIAN_MAX);
  });

  it("have names that say what they hold", () => {
    const vague = /^(index|utils?|helpers?|common|misc|shared)\.(ts|mjs|vue)$/;
    const files = sourceFiles().filter((file) => vague.test(path.basename(file)));
    expect(files).toEqual(["worker/index.ts"]);
  });

  it("of protocol/ import zod and each other, nothing else", () => {
    for (const file of sourceFiles().filter((name) => name.startsWith("protocol/"))) {
      const imports = [...readText(file).matchAll(/\b(?:from|import)\s+"([^"]+)"/g)];
      const foreign = imports
        .map((match) => match[1] ?? "")
        .filter((name) => name !== "zod" && !name.startsWith("./") && !/^\.\.\/[^/]+$/.test(name));
      expect(foreign, file).toEqual([]);
    }
  });
});

describe("the repository", () => {
  it("names no machine and no package registry that it was made with", () => {
    // The one that is configured here, and the one that npm knows by itself.
    const unconfigured = ["--userconfig=/none/user", "--globalconfig=/none/global"];
    const hosts = [[], unconfigured].map((flags) => {
      const args = ["config", "get", "registry", ...flags];
      return new URL(execFileSync("npm", args, { cwd: "/", encoding: "utf8" }).trim()).host;
    });
    const machine = ["work", "root", "home"].map((name) => `/${name}/`);
    const words = [...hosts, ...machine];
    for (const file of repositoryFiles().filter(isText)) {
      const text = readText(file);
      const found = words.filter((word) => text.includes(word));
      expect(
        found.filter((word) => !isExample(word)),
        file,
      ).toEqual([]);
    }
  });

  it("has a lock file without the addresses of packages", () => {
    expect(readText("package-lock.json")).not.toContain('"resolved"');
  });
});

/** The container's own tree begins at /home, as in every Linux. */
function isExample(word: string): boolean {
  return word === "/home/";
}
