import type { PackageSource } from "#sandbox/runtime/embedded/npm/tree/build.ts";
import { type Manifest, parseManifest } from "#sandbox/runtime/embedded/npm/model/manifest.ts";
import {
  type Packument,
  parsePackument,
  pickManifest,
} from "#sandbox/runtime/embedded/npm/registry/packument.ts";
import type { RegistrySpec } from "#sandbox/runtime/embedded/npm/model/spec.ts";
import { NpmError } from "#sandbox/runtime/embedded/npm/model/npm-error.ts";

/** Packages that a test makes up, in a registry without a network. */
export class MemorySource implements PackageSource {
  readonly #packuments = new Map<string, Packument>();

  constructor(manifests: readonly { readonly name: string; readonly version: string }[]) {
    const names = new Set(manifests.map(({ name }) => name));
    for (const name of names) {
      const own = manifests.filter((manifest) => manifest.name === name);
      const versions = Object.fromEntries(own.map((manifest) => [manifest.version, manifest]));
      const json = {
        name,
        versions,
        "dist-tags": { latest: Object.keys(versions).toSorted().at(-1) ?? "" },
      };
      this.#packuments.set(name, parsePackument(json));
    }
  }

  async pick(spec: RegistrySpec): Promise<Manifest> {
    const packument = this.#packuments.get(spec.name);
    if (packument === undefined) throw new NpmError("E404", [spec.name]);
    return pickManifest(packument, spec);
  }

  prefetch(): void {}

  async directory(location: string): Promise<Manifest> {
    return parseManifest({ name: location, version: "1.0.0" });
  }

  async bundle(): Promise<ReadonlyMap<string, Manifest>> {
    return new Map();
  }
}
