import { type TreeNode, compareNames } from "../tree/node.ts";
import type { Tree } from "../tree/tree.ts";
import { type Disk } from "./disk.ts";
import { parentOf } from "../../../../parent-of.ts";

/**
 * Links every package's programs into the `.bin` beside it. Where two packages have a program of one
 * name, the project's own dependency wins.
 */
export async function linkPrograms(disk: Disk, project: string, tree: Tree): Promise<void> {
  const own = new Set(tree.root.edges.map(({ name }) => name));
  const nodes = tree
    .all()
    .filter((node) => !node.isTop && Object.keys((node.target ?? node).manifest.bin).length > 0)
    .toSorted((a, b) => rank(a, own) - rank(b, own) || compareNames(a.location, b.location));
  const links = new Map<string, { target: string; file: string }>();
  for (const node of nodes) {
    const modules = node.location.slice(0, -node.name.length - 1);
    for (const [program, file] of Object.entries((node.target ?? node).manifest.bin)) {
      const path = `${project}/${modules}/.bin/${program}`;
      links.set(path, {
        target: `../${node.name}/${file}`,
        file: `${project}/${node.location}/${file}`,
      });
    }
  }
  await removeStale(disk, project, tree, links);
  for (const [path, { target, file }] of links) {
    if (!(await disk.isFile(file))) continue;
    await disk.link(target, path);
    const mode = await disk.modeOf(file);
    if ((mode & 0o111) !== 0o111) await disk.chmod(file, mode | 0o111);
  }
}

function rank(node: TreeNode, own: ReadonlySet<string>): number {
  return node.parent?.isTop === true && own.has(node.name) ? 1 : 0;
}

async function removeStale(
  disk: Disk,
  project: string,
  tree: Tree,
  links: ReadonlyMap<string, unknown>,
): Promise<void> {
  const holders = [tree.root, ...tree.all()].filter((node) => node.children.size > 0);
  for (const holder of holders) {
    const bin = `${project}/${holder.location}/node_modules/.bin`.replace("//", "/");
    for (const { name } of await disk.list(bin)) {
      const path = `${bin}/${name}`;
      if (!links.has(path)) await disk.remove(path);
    }
    if ((await disk.list(bin)).length === 0 && parentOf(bin) !== "/") await disk.remove(bin);
  }
}
