import { Buffer } from "buffer";
import type { Disk } from "../repository/disk.ts";
import type { GitObject, ObjectType } from "./object-store.ts";
import { promisesOf } from "./promise-files.ts";

/** Reads one object out of a pack; the large library is loaded by those only who have packs. */
export async function readPacked(
  disk: Disk,
  gitdir: string,
  oid: string,
  cache: object,
): Promise<GitObject> {
  // isomorphic-git expects Node's global.
  (globalThis as { Buffer?: unknown }).Buffer ??= Buffer;
  // oxlint-disable-next-line typescript/no-deprecated -- the others parse what is parsed here
  const { readObject } = await import("isomorphic-git");
  const fs = promisesOf(disk);
  // oxlint-disable-next-line typescript/no-deprecated -- as above
  const { type, object } = await readObject({ fs, gitdir, oid, cache, format: "content" });
  return { type: type as ObjectType, content: new Uint8Array(object as Uint8Array) };
}
