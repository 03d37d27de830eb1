import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { top } from "#scripts/disco/top.ts";

/** Every file that belongs to the repository, relative to its top: no builds, no packages. */
export function repositoryFiles(): string[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    { cwd: top, encoding: "utf8" },
  );
  return listed.split("\0").filter((file) => file !== "" && existsSync(path.join(top, file)));
}

export function readText(file: string): string {
  return readFileSync(path.join(top, file), "utf8");
}

const sourceFolders = new Set(["protocol", "openapi", "worker", "sandbox-app", "scripts"]);

/** The files of the product and its scripts that people wrote as code; tests are not among them. */
export function sourceFiles(): string[] {
  return repositoryFiles().filter(
    (file) => sourceFolders.has(file.split("/")[0] ?? "") && /\.(ts|mjs|vue|css|html)$/.test(file),
  );
}

/** Titles of every test, as they stand in the code. */
export function testTitles(): { file: string; title: string }[] {
  return repositoryFiles()
    .filter((file) => file.startsWith("test/") && file.endsWith(".test.ts"))
    .flatMap((file) => {
      const calls = readText(file).matchAll(
        /\b(?:it|test|describe)(?:\.[a-z]+)*(?:\([^()]*\))?\(\s*(["'`])(.*?)\1/gs,
      );
      return [...calls].map((call) => ({ file, title: call[2] ?? "" }));
    });
}
