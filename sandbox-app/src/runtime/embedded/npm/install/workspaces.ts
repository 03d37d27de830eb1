import type { Disk } from "./disk.ts";

/**
 * Directories below the project that the `workspaces` patterns name and that have a package.json, in
 * order. `*` stands for one directory, `**` for any number, `!` takes directories out again.
 */
export async function expandWorkspaces(
  disk: Disk,
  project: string,
  patterns: readonly string[],
): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const isExclusion = pattern.startsWith("!");
    const parts = pattern
      .replace(/^!/, "")
      .split("/")
      .filter((part) => part !== "" && part !== ".");
    for (const location of await expand(disk, project, "", parts)) {
      if (isExclusion) found.delete(location);
      else if (await disk.isFile(`${project}/${location}/package.json`)) found.add(location);
    }
  }
  return [...found].toSorted();
}

async function expand(
  disk: Disk,
  project: string,
  at: string,
  parts: readonly string[],
): Promise<string[]> {
  const [part, ...rest] = parts;
  if (part === undefined) return at === "" ? [] : [at];
  if (part === "..") return [];
  if (!part.includes("*")) return expand(disk, project, join(at, part), rest);
  const found = part === "**" ? await expand(disk, project, at, rest) : [];
  const matches = new RegExp(`^${part.split("*").map(escape).join("[^/]*")}$`);
  for (const { name, type } of await disk.list(join(project, at))) {
    if (type !== "directory" || name === "node_modules" || name.startsWith(".")) continue;
    if (part === "**") found.push(...(await expand(disk, project, join(at, name), parts)));
    else if (matches.test(name)) found.push(...(await expand(disk, project, join(at, name), rest)));
  }
  return found;
}

function join(directory: string, name: string): string {
  if (directory === "") return name;
  return name === "" ? directory : `${directory}/${name}`;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
