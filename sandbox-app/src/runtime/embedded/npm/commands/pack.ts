import { gzip } from "../archive/gzip.ts";
import type { ArchiveFile } from "../archive/tar-read.ts";
import { writeTar } from "../archive/tar-write.ts";
import type { NpmContext } from "../cli/context.ts";
import type { Disk } from "../install/disk.ts";
import { readPackageFile } from "../install/project-files.ts";
import { parseManifest } from "../model/manifest.ts";
import { NpmError } from "../model/npm-error.ts";
import { integrityOf } from "../registry/integrity.ts";
import { type PathFilter, packFilter } from "./pack-filter.ts";

/** `npm pack`: the tarball that would be published, in the current directory. */
export async function packCommand(context: NpmContext): Promise<number> {
  const { disk, project, output, config, cwd } = context;
  const packageFile = await readPackageFile(disk, project);
  const { name, version, bin } = parseManifest(packageFile.json);
  if (name === "" || version === "") {
    throw new NpmError("", ["Invalid package, must have name and version"]);
  }
  const programs = new Set(Object.values(bin));
  const ignore = await disk.readText(`${project}/.npmignore`);
  const filter = packFilter(
    packageFile.json,
    ignore ?? (await disk.readText(`${project}/.gitignore`)) ?? "",
  );
  const files = await collect(disk, project, "", filter, programs);
  const tarball = await gzip(writeTar(files));
  const filename = `${name.replace(/^@/, "").replaceAll("/", "-")}-${version}.tgz`;
  const target = config.get("pack-destination") ?? cwd;
  if (!config.is("dry-run")) await disk.write(`${target}/${filename}`, tarball);
  const unpacked = files.reduce((sum, { content }) => sum + content.length, 0);
  const integrity = await integrityOf(tarball);
  if (config.is("json")) {
    const listed = files.map(({ path, content, mode }) => ({ path, size: content.length, mode }));
    const id = `${name}@${version}`;
    const facts = {
      id,
      name,
      version,
      size: tarball.length,
      unpackedSize: unpacked,
      integrity,
      filename,
    };
    output.result(JSON.stringify([{ ...facts, files: listed, entryCount: files.length }], null, 2));
    return 0;
  }
  for (const line of [
    "",
    `package: ${name}@${version}`,
    "Tarball Contents",
    ...files.map(({ path, content }) => `${content.length}B ${path}`),
    "Tarball Details",
    `filename: ${filename}`,
    `package size: ${tarball.length} B`,
    `unpacked size: ${unpacked} B`,
    `integrity: ${integrity}`,
    `total files: ${files.length}`,
    "",
  ]) {
    output.notice(line);
  }
  output.result(filename);
  return 0;
}

async function collect(
  disk: Disk,
  project: string,
  directory: string,
  filter: PathFilter,
  programs: ReadonlySet<string>,
): Promise<ArchiveFile[]> {
  const files: ArchiveFile[] = [];
  for (const { name, type } of await disk.list(`${project}/${directory}`)) {
    const path = directory === "" ? name : `${directory}/${name}`;
    if (type === "directory") {
      if (filter.enters(path))
        files.push(...(await collect(disk, project, path, filter, programs)));
    } else if (type === "file" && filter.takes(path)) {
      const content = (await disk.read(`${project}/${path}`)) ?? new Uint8Array();
      files.push({ path, mode: programs.has(path) ? 0o755 : 0o644, content });
    }
  }
  return files;
}
