import * as z from "zod";
import { type Manifest, parseManifest } from "../model/manifest.ts";
import { NpmError } from "../model/npm-error.ts";

/** One package as a lockfile has it. */
export interface LockEntry {
  readonly manifest: Manifest;
  /** URL of the tarball, or the directory of a link. */
  readonly resolved: string | undefined;
  readonly link: boolean;
  readonly inBundle: boolean;
}

/** A package-lock.json of version 2 or 3: entries by their path below the project. */
export interface Lockfile {
  readonly entries: ReadonlyMap<string, LockEntry>;
}

const RawLockfile = z.object({
  lockfileVersion: z.number(),
  packages: z.record(z.string(), z.unknown()).optional(),
});

const RawEntry = z.object({
  name: z.string().optional().catch(undefined),
  resolved: z.string().optional().catch(undefined),
  integrity: z.string().optional().catch(undefined),
  link: z.boolean().optional().catch(undefined),
  inBundle: z.boolean().optional().catch(undefined),
});

/**
 * Reads a lockfile (npm, package-lock.json).
 *
 * @returns null for version 1, which says too little of each package to go by
 * @throws NpmError EJSONPARSE
 */
export function parseLockfile(text: string): Lockfile | null {
  const parsed = RawLockfile.safeParse(parseJson(text));
  if (!parsed.success) throw damaged();
  const { packages } = parsed.data;
  if (packages === undefined) return null;
  const entries = new Map<string, LockEntry>();
  for (const [location, raw] of Object.entries(packages)) {
    if (!isLocation(location)) throw damaged();
    entries.set(location, parseEntry(location, raw));
  }
  return { entries };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw damaged();
  }
}

function damaged(): NpmError {
  return new NpmError("EJSONPARSE", [
    "Invalid package-lock.json.",
    "Remove it, and run npm install.",
  ]);
}

/** A lockfile comes from a repository: it must not make us write outside the project. */
function isLocation(location: string): boolean {
  if (location === "") return true;
  return (
    !location.startsWith("/") &&
    !/(?:^|\/)(?:\.\.?|)(?:\/|$)/.test(location.replace(/^(?:\.\.\/)+/, ""))
  );
}

function parseEntry(location: string, json: unknown): LockEntry {
  const result = RawEntry.safeParse(json);
  const raw: z.output<typeof RawEntry> = result.success ? result.data : {};
  const name = raw.name ?? nameOf(location);
  const manifest = parseManifest({ ...(json as object), name });
  return {
    manifest: { ...manifest, integrity: raw.integrity },
    resolved: raw.resolved,
    link: raw.link ?? false,
    inBundle: raw.inBundle ?? false,
  };
}

const LAST_MODULES = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/;

/** The name of a package by the directory it stands in. */
export function nameOf(location: string): string {
  const inModules = LAST_MODULES.exec(location)?.[1];
  if (inModules !== undefined) return inModules;
  const [base = "", above = ""] = location.split("/").toReversed();
  return above.startsWith("@") ? `${above}/${base}` : base;
}

/** The location of the package whose node_modules this is; null for what stands in none. */
export function holderOf(location: string): string | null {
  const match = LAST_MODULES.exec(location);
  return match === null ? null : location.slice(0, match.index);
}
