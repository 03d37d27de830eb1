import semver from "semver";
import * as z from "zod";
import { type Manifest, parseManifest } from "../model/manifest.ts";
import { NODE_VERSION } from "../model/platform.ts";
import { NpmError } from "../model/npm-error.ts";
import type { RegistrySpec } from "../model/spec.ts";

/** All versions of a package. A version is read in full only when it is picked. */
export interface Packument {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: ReadonlyMap<string, unknown>;
}

const RawPackument = z.object({
  name: z.string(),
  "dist-tags": z.record(z.string(), z.string()).catch({}),
  // Thousands of them, of which one will be read: looking into each would cost more than all the rest.
  versions: z.custom<Record<string, unknown>>(
    (value) => typeof value === "object" && value !== null,
  ),
});

/** @throws NpmError EJSONPARSE when this is no metadata of a package */
export function parsePackument(json: unknown): Packument {
  const parsed = RawPackument.safeParse(json);
  if (!parsed.success) {
    throw new NpmError("EJSONPARSE", ["The registry answered with something else than metadata."]);
  }
  const { name, versions, "dist-tags": tags } = parsed.data;
  return { name, tags, versions: new Map(Object.entries(versions)) };
}

/** @param usable false for versions that are to be passed over while there are others */
export function pickManifest(
  packument: Packument,
  spec: RegistrySpec,
  usable: (version: string) => boolean = () => true,
): Manifest {
  const version = pickVersion(packument, spec, usable);
  const found = version === undefined ? undefined : packument.versions.get(version);
  if (found === undefined) throw noTarget(packument, spec);
  return parseManifest(found);
}

/**
 * Chooses as npm does (npm-pick-manifest's README): the `latest` version when it fits, else the
 * highest; versions that are deprecated, or for another Node, only when there is no other.
 */
function pickVersion(
  packument: Packument,
  spec: RegistrySpec,
  usable: (version: string) => boolean,
): string | undefined {
  if (spec.type === "tag") return packument.tags[spec.tag];
  if (packument.versions.has(spec.range)) return spec.range;
  const fits = (version: string): boolean =>
    spec.range === "*" ? true : semver.satisfies(version, spec.range, { loose: true });
  const { latest } = packument.tags;
  if (latest !== undefined && fits(latest) && usable(latest) && isSound(packument, latest))
    return latest;
  const fitting = [...packument.versions.keys()].filter((version) =>
    semver.satisfies(version, spec.range, { loose: true }),
  );
  const sorted = fitting.toSorted((a, b) => semver.rcompare(a, b, true));
  return (
    sorted.find((version) => usable(version) && isSound(packument, version)) ??
    sorted.find((version) => usable(version)) ??
    sorted[0] ??
    (spec.range === "*" ? latest : undefined)
  );
}

function isSound(packument: Packument, version: string): boolean {
  const raw = packument.versions.get(version) as
    | { deprecated?: unknown; engines?: unknown }
    | undefined;
  if (raw === undefined || (raw.deprecated !== undefined && raw.deprecated !== false)) return false;
  const node = (raw.engines as { node?: unknown } | undefined)?.node;
  return typeof node !== "string" || nodeSatisfies(node);
}

/** Whether a range of `engines.node` takes the container's Node. */
export function nodeSatisfies(range: string): boolean {
  return (
    semver.validRange(range) === null ||
    semver.satisfies(NODE_VERSION, range, { includePrerelease: true })
  );
}

function noTarget(packument: Packument, spec: RegistrySpec): NpmError {
  const wanted = spec.type === "tag" ? spec.tag : spec.range;
  return new NpmError("ETARGET", [
    `notarget No matching version found for ${packument.name}@${wanted}.`,
    "notarget In most cases you or one of your dependencies are requesting",
    "notarget a package version that doesn't exist.",
  ]);
}
