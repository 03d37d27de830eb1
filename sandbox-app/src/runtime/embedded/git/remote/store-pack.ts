import { GitFailure } from "../cli/failure.ts";
import type { Bytes } from "../objects/bytes.ts";
import type { GitObject } from "../objects/object-store.ts";
import { BadPack } from "../pack/bad-pack.ts";
import { indexPack } from "../pack/index-pack.ts";
import { UNPACK_LIMIT } from "../pack/limits.ts";
import { ReceivedObjects } from "../pack/received-objects.ts";
import { readPackHeader } from "../pack/scan-pack.ts";
import { formatPackIndex } from "../pack/write-index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Progress } from "./progress.ts";
import { misbehaved } from "./reasons.ts";

export interface StorePack {
  readonly repository: Repository;
  readonly pack: Bytes;
  /** What was asked for. */
  readonly wants: readonly string[];
  /** Where history is cut off from now on. */
  readonly shallow: ReadonlySet<string>;
  readonly progress: Progress | null;
}

/**
 * Keeps what a remote has sent, when all of it is what it has to be.
 *
 * @throws GitFailure, with the repository as it was
 */
export async function storePack(received: StorePack): Promise<void> {
  try {
    await store(received);
  } catch (error) {
    if (error instanceof BadPack) throw misbehaved(`in the pack it sent, ${error.message}`);
    if (error instanceof GitFailure)
      throw misbehaved(`in the pack it sent: ${error.message.replace(/^fatal: /, "")}`);
    throw error;
  }
}

async function store({ repository, pack, wants, shallow, progress }: StorePack): Promise<void> {
  const { objects } = repository;
  const count = readPackHeader(pack);
  const isSmall = count < UNPACK_LIMIT;
  const loose: GitObject[] = [];
  const found = new ReceivedObjects();
  const indexed = await indexPack(pack, {
    store: objects,
    visit: (oid, object) => {
      found.add(oid, object);
      if (isSmall) loose.push(object);
    },
    ...(progress !== null && { progress: (done, total) => progress.indexed(done, total) }),
  });
  // What was cut off elsewhere says nothing here.
  const cut = new Set([...shallow].filter((oid) => found.has(oid) || objects.has(oid)));
  found.requireComplete(wants, cut, objects);
  if (isSmall) for (const { type, content } of loose) objects.write(type, content);
  else objects.writePack(indexed.name, indexed.bytes, formatPackIndex(indexed));
  repository.setShallow(cut);
}
