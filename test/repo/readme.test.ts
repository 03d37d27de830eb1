import { describe, expect, it } from "vitest";
import { parseStartArguments } from "#scripts/disco/arguments.ts";
import { readText, repositoryFiles } from "#test/support/repository.ts";

const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };
const documents = ["README.md", "CONTRIBUTING.md"];

/** Every `npm …` line of the documents' shell blocks. */
const commands = documents.flatMap((document) =>
  [...readText(document).matchAll(/^```(?:sh|bash|shell|console)\n(.*?)^```/gms)]
    .flatMap((block) => (block[1] ?? "").split("\n"))
    .map((line) =>
      line
        .replace(/^\$ /, "")
        .replace(/\s+#.*$/, "")
        .trim(),
    )
    .filter((line) => line.startsWith("npm "))
    .map((line) => ({ document, line })),
);

describe("the documents", () => {
  it("show how to start and how to test", () => {
    const lines = commands.map(({ line }) => line);
    expect(lines).toContain("npm start");
    expect(lines).toContain("npm test");
  });

  it.each(commands)("name a script that exists: $line ($document)", ({ line }) => {
    const [, first = "", second = ""] = line.split(/\s+/);
    expect(Object.keys(scripts)).toContain(first === "run" ? second : first);
  });

  it.each(commands.filter(({ line }) => line.startsWith("npm start --")))(
    "give arguments that npm start takes: $line",
    ({ line }) => {
      const args = line.split(/\s+/).slice(3);
      expect(() => parseStartArguments(args)).not.toThrow();
    },
  );

  it("link to files that exist", () => {
    const files = new Set(repositoryFiles());
    const folders = new Set([...files].flatMap(foldersOf));
    for (const document of [...documents, "docs/architecture.md"]) {
      const from = document.split("/").slice(0, -1);
      for (const [, target = ""] of readText(document).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const place = resolve(from, target.replace(/\/$/, ""));
        expect(files.has(place) || folders.has(place), `${document} links to ${target}`).toBe(true);
      }
    }
  });
});

function foldersOf(file: string): string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function resolve(from: readonly string[], target: string): string {
  const parts = [...from];
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
