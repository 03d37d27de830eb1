import { describe, expect, it } from "vitest";
import { parseStartArguments } from "#scripts/disco/arguments.ts";
import { readText, repositoryFiles } from "#test/support/repository.ts";

const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };
const files = new Set(repositoryFiles());
const folders = new Set([...files].flatMap(foldersOf));
const documents = [...files].filter((file) => file.endsWith(".md"));

/** Every `npm …` of a document: the lines of its shell blocks, and what its sentences name. */
function commandsOf(document: string): { document: string; line: string }[] {
  const text = readText(document);
  const blocks = [...text.matchAll(/^```(?:sh|bash|shell|console)\n(.*?)^```/gms)];
  const inline = [...text.replaceAll(/^```.*?^```/gms, "").matchAll(/`(npm [^`]+)`/g)];
  return [
    ...blocks.flatMap(([, block = ""]) => block.split("\n")),
    ...inline.map(([, code = ""]) => code),
  ]
    .map((line) =>
      line
        .replace(/^\$ /, "")
        .replace(/\s+#.*$/, "")
        .trim(),
    )
    .filter((line) => line.startsWith("npm "))
    .map((line) => ({ document, line }));
}

const commands = ["README.md", "CONTRIBUTING.md"].flatMap(commandsOf);
const starts = commands.filter(({ line }) => line.startsWith("npm start --"));

const links = documents.flatMap((document) =>
  [...readText(document).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|srcset)="([^"]+)"/g)]
    .map((match) => ({ document, target: match[1] ?? match[2] ?? "" }))
    .filter(({ target }) => !/^[a-z]+:/.test(target)),
);

describe("the documents", () => {
  it("show how to start, how to start without a person, and how to test", () => {
    const lines = commands.map(({ line }) => line);
    expect(lines).toContain("npm start");
    expect(lines).toContain("npm test");
    expect(starts.map(({ line }) => line)).toContain("npm start -- --headless --port 8787");
  });

  it.each(commands)("name a script that exists: $line ($document)", ({ line }) => {
    const [, first = "", second = ""] = line.split(/\s+/);
    expect(Object.keys(scripts)).toContain(first === "run" ? second : first);
  });

  it.each(starts)("give arguments that npm start takes: $line", ({ line }) => {
    const args = line.split(/\s+/).slice(3);
    expect(args).not.toEqual([]);
    expect(() => parseStartArguments(args)).not.toThrow();
  });

  it("link to files that exist, in every document", () => {
    expect(new Set(links.map(({ document }) => document)).size).toBeGreaterThan(4);
    for (const { document, target } of links) {
      const place = resolve(document.split("/").slice(0, -1), target.replace(/\/$/, ""));
      expect(files.has(place) || folders.has(place), `${document} links to ${target}`).toBe(true);
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
