import type { FileSystem } from "../../kernel/file-system.ts";
import { WORKSPACE } from "../../kernel/layout.ts";
import type { Imported } from "../port/messages.ts";
import { checkTarget, parentsOf, type PlannedEntry, planImport } from "./import-plan.ts";
import { readZipContent } from "./zip-content.ts";
import { readZipDirectory, ZipError } from "./zip-directory.ts";

/**
 * Unpacks a zip into the workspace. The whole list is checked before the first file is written;
 * files of the same name are replaced, others stay.
 *
 * @throws ZipError that names the entry; files before it are written then
 */
export async function importZip(files: FileSystem, zip: Blob): Promise<Imported> {
  const planned = planImport(await readZipDirectory(zip));
  for (const { path, type } of planned) checkWay(files, path, type);
  const targets = await readTargets(zip, planned);
  let count = 0;
  let bytes = 0;
  for (const entry of planned) {
    const content = entry.type === "file" ? await readZipContent(zip, entry.entry) : null;
    // Programs have run since the check above.
    checkWay(files, entry.path, entry.type);
    if (entry.type === "directory") files.mkdirp(`${WORKSPACE}/${entry.path}`);
    else if (content === null) writeLink(files, entry.path, targets.get(entry.path) ?? "");
    else writeFile(files, entry, content);
    if (entry.type === "directory") continue;
    count++;
    bytes += entry.entry.bytes;
  }
  // Last, because what is written into a directory changes its time, and may need its mode.
  for (const { type, path, mode, entry } of planned.toReversed()) {
    if (type !== "directory") continue;
    files.chmod(`${WORKSPACE}/${path}`, mode);
    files.utimes(`${WORKSPACE}/${path}`, entry.mtimeMs);
  }
  return { files: count, bytes };
}

/** No symbolic link may stand where the zip has a directory: it could lead out of the workspace. */
function checkWay(files: FileSystem, path: string, type: PlannedEntry["type"]): void {
  const directories = type === "directory" ? [...parentsOf(path), path] : parentsOf(path);
  for (const directory of directories) {
    const there = typeAt(files, `${WORKSPACE}/${directory}`);
    if (there !== null && there !== "directory") {
      throw new ZipError(`${path} is refused: ${directory} is no directory in the workspace.`);
    }
  }
  if (type !== "directory" && typeAt(files, `${WORKSPACE}/${path}`) === "directory") {
    throw new ZipError(`${path} is refused: it is a directory in the workspace.`);
  }
}

/** @throws ZipError when a link leads out of the workspace */
async function readTargets(
  zip: Blob,
  planned: readonly PlannedEntry[],
): Promise<Map<string, string>> {
  const targets = new Map<string, string>();
  for (const { type, path, entry } of planned) {
    if (type !== "symlink") continue;
    const target = new TextDecoder().decode(await readZipContent(zip, entry));
    checkTarget(path, target);
    targets.set(path, target);
  }
  return targets;
}

function writeFile(
  files: FileSystem,
  { path, mode, entry }: PlannedEntry,
  content: Uint8Array,
): void {
  const place = makeRoom(files, path);
  files.write(place, content);
  files.utimes(place, entry.mtimeMs);
  files.chmod(place, mode);
}

function writeLink(files: FileSystem, path: string, target: string): void {
  files.symlink(target, makeRoom(files, path));
}

/** The directory is there, and nothing of that name in it: a link is replaced, not followed. */
function makeRoom(files: FileSystem, path: string): string {
  const place = `${WORKSPACE}/${path}`;
  const parent = parentsOf(path).at(-1);
  if (parent !== undefined) files.mkdirp(`${WORKSPACE}/${parent}`);
  if (typeAt(files, place) !== null) files.remove(place);
  return place;
}

function typeAt(files: FileSystem, path: string): string | null {
  try {
    return files.find(path).type;
  } catch {
    return null;
  }
}
