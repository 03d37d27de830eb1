import { createHash } from "node:crypto";
import { findMachineRegistry } from "#scripts/disco/machine-registry.ts";
import { gunzip } from "#sandbox/runtime/embedded/npm/archive/gzip.ts";
import { readTar } from "#sandbox/runtime/embedded/npm/archive/tar-read.ts";

/** Milliseconds for one tarball; they have a megabyte at most. */
const FETCH_TIMEOUT_MS = 20_000;
/** A registry that is busy answers the next time. */
const ATTEMPTS = 3;

/** The files of a published version of a package, by path. */
export type PublishedFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/**
 * The registry that this machine's npm uses.
 *
 * @returns undefined when there is none, or it does not answer
 */
export async function reachableRegistry(): Promise<string | undefined> {
  const registry = await findMachineRegistry(AbortSignal.timeout(10_000));
  if (registry === undefined) return undefined;
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  const answer = await fetch(`${registry.url}ms`, { method: "HEAD", signal }).catch(() => null);
  return answer?.ok === true ? registry.url : undefined;
}

/** @throws Error when it cannot be fetched, or is not what was pinned */
export async function fetchPublished(
  registry: string,
  name: string,
  version: string,
  integrity: string,
): Promise<PublishedFiles> {
  const file = `${name.split("/").at(-1)}-${version}.tgz`;
  const tarball = await download(`${registry}${name}/-/${file}`);
  const found = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  if (found !== integrity) throw new Error(`${name}@${version} is ${found}, not ${integrity}`);
  const files = readTar(await gunzip(tarball));
  return new Map(files.map(({ path, content }) => [path, content]));
}

async function download(url: string): Promise<Uint8Array<ArrayBuffer>> {
  let last: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
      if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
      last = new Error(`${url} answered ${answer.status}`);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}
