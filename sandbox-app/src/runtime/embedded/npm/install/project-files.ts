import type { Project } from "../lock/load-tree.ts";
import { type Lockfile, parseLockfile } from "../lock/lockfile.ts";
import { type Manifest, parseManifest } from "../model/manifest.ts";
import { NpmError } from "../model/npm-error.ts";
import type { Disk } from "./disk.ts";
import { expandWorkspaces } from "./workspaces.ts";

/** A package.json as text, so that writing it back keeps its fields and its indentation. */
export interface PackageFile {
  readonly path: string;
  readonly json: Record<string, unknown>;
  readonly indent: string;
}

/** What is asked for in which field. */
export type SaveField =
  | "dependencies"
  | "devDependencies"
  | "optionalDependencies"
  | "peerDependencies";
export const SAVE_FIELDS: readonly SaveField[] = [
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
];

/** The nearest directory above with a package.json or a node_modules, as npm finds its prefix. */
export async function findProject(disk: Disk, cwd: string): Promise<string> {
  for (let at = cwd; ; at = at.slice(0, at.lastIndexOf("/"))) {
    if (at === "") return cwd;
    if (await disk.isFile(`${at}/package.json`)) return at;
    if (at !== cwd && (await disk.typeOf(`${at}/node_modules`)) === "directory") return at;
  }
}

/** @throws NpmError EJSONPARSE; ENOENT unless `orEmpty` */
export async function readPackageFile(
  disk: Disk,
  directory: string,
  options: { orEmpty?: boolean } = {},
): Promise<PackageFile> {
  const path = `${directory}/package.json`;
  const text = await disk.readText(path);
  if (text === undefined) {
    if (options.orEmpty === true) return { path, json: {}, indent: "  " };
    throw new NpmError(
      "ENOENT",
      [
        "syscall open",
        `path ${path}`,
        "errno -2",
        `enoent Could not read package.json: Error: ENOENT: no such file or directory, open '${path}'`,
        "enoent This is related to npm not being able to find a file.",
        "enoent",
      ],
      254,
    );
  }
  const json = parseObject(text, path);
  return { path, json, indent: /^[\t ]+(?=")/m.exec(text)?.[0] ?? "  " };
}

function parseObject(text: string, path: string): Record<string, unknown> {
  try {
    // A byte order mark is no JSON, but editors write it.
    const json = JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
    if (typeof json === "object" && json !== null && !Array.isArray(json)) {
      return json as Record<string, unknown>;
    }
    throw new SyntaxError("not an object");
  } catch (error) {
    throw new NpmError("EJSONPARSE", [
      `path ${path}`,
      `JSON.parse Invalid package.json: ${error instanceof Error ? error.message : String(error)}`,
      "JSON.parse Failed to parse JSON data.",
      "JSON.parse Note: package.json must be actual JSON, not just JavaScript.",
    ]);
  }
}

export async function writePackageFile(disk: Disk, file: PackageFile): Promise<void> {
  await disk.write(file.path, `${JSON.stringify(file.json, null, file.indent)}\n`);
}

/** The project's name when it has none: that of its directory. */
export function manifestOf(file: PackageFile): Manifest {
  const manifest = parseManifest(file.json);
  if (manifest.name !== "") return manifest;
  return { ...manifest, name: file.path.split("/").at(-2) ?? "" };
}

export async function readProject(
  disk: Disk,
  directory: string,
  file: PackageFile,
): Promise<Project> {
  const manifest = manifestOf(file);
  const workspaces = new Map<string, { location: string; manifest: Manifest }>();
  for (const location of await expandWorkspaces(disk, directory, manifest.workspaces)) {
    const member = manifestOf(await readPackageFile(disk, `${directory}/${location}`));
    if (workspaces.has(member.name)) {
      throw new NpmError("EDUPLICATEWORKSPACE", [
        "must not have multiple workspaces with the same name",
        `package '${member.name}' has conflicts in the following paths:`,
        `    ${directory}/${workspaces.get(member.name)?.location}`,
        `    ${directory}/${location}`,
      ]);
    }
    workspaces.set(member.name, { location, manifest: member });
  }
  return { manifest, workspaces };
}

/** @returns null when there is none that says enough */
export async function readLockfile(disk: Disk, directory: string): Promise<Lockfile | null> {
  const text =
    (await disk.readText(`${directory}/npm-shrinkwrap.json`)) ??
    (await disk.readText(`${directory}/package-lock.json`));
  return text === undefined ? null : parseLockfile(text);
}
