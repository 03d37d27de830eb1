import { gunzip } from "../archive/gzip.ts";
import { type ArchiveFile, readTar } from "../archive/tar-read.ts";
import { type Manifest, parseManifest } from "../model/manifest.ts";
import { NpmError } from "../model/npm-error.ts";
import type { RegistrySpec } from "../model/spec.ts";
import type { RegistryClient } from "../registry/client.ts";
import type { PackageSource } from "../tree/build.ts";
import type { Disk } from "./disk.ts";
import { manifestOf, readPackageFile } from "./project-files.ts";

/** Packages of the registry, and directories of the workspace. */
export class InstallSource implements PackageSource {
  readonly #registry: RegistryClient;
  readonly #disk: Disk;
  readonly #project: string;
  readonly #foreseen = new Set<string>();

  constructor(registry: RegistryClient, disk: Disk, project: string) {
    this.#registry = registry;
    this.#disk = disk;
    this.#project = project;
  }

  pick(spec: RegistrySpec): Promise<Manifest> {
    return this.#registry.pick(spec);
  }

  /** Looks ahead along the dependencies, because a tree is built one package after the other. */
  prefetch(spec: RegistrySpec): void {
    const key = `${spec.name}@${spec.type === "tag" ? spec.tag : spec.range}`;
    if (this.#foreseen.has(key)) return;
    this.#foreseen.add(key);
    this.#registry.foresee(spec, (next) => this.prefetch(next));
  }

  async directory(location: string): Promise<Manifest> {
    const path = location.startsWith("/") ? location : `${this.#project}/${location}`;
    const file = await readPackageFile(this.#disk, (await this.#disk.realPath(path)) ?? path);
    return manifestOf(file);
  }

  async bundle(manifest: Manifest): Promise<ReadonlyMap<string, Manifest>> {
    const found = new Map<string, Manifest>();
    for (const { path, content } of await this.files(manifest)) {
      const at = /^((?:.+\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1];
      if (at === undefined) continue;
      found.set(at, parseManifest(JSON.parse(new TextDecoder().decode(content))));
    }
    return found;
  }

  /**
   * The files of a package.
   *
   * @throws NpmError EINTEGRITY, TAR_BAD_ARCHIVE
   */
  async files(manifest: Manifest, resolved?: string): Promise<ArchiveFile[]> {
    const tarball = await this.#registry.tarball(manifest, resolved);
    try {
      return readTar(await gunzip(tarball));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new NpmError("TAR_BAD_ARCHIVE", [`${manifest.name}@${manifest.version}: ${reason}`]);
    }
  }
}
