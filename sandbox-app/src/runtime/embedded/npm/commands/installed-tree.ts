import type { NpmContext } from "../cli/context.ts";
import { readPackageFile, readProject } from "../install/project-files.ts";
import { emptyTree, loadTree } from "../lock/load-tree.ts";
import { parseLockfile } from "../lock/lockfile.ts";
import type { Tree } from "../tree/tree.ts";

/** What is in node_modules, as the last install wrote it down. */
export async function installedTree({ disk, project }: NpmContext): Promise<Tree> {
  const file = await readPackageFile(disk, project, { orEmpty: true });
  const described = await readProject(disk, project, file);
  const text = await disk.readText(`${project}/node_modules/.package-lock.json`);
  const hidden = text === undefined ? null : parseLockfile(text);
  return hidden === null ? emptyTree(described) : loadTree(described, hidden);
}
