import { fatal } from "../cli/failure.ts";
import type { Refs } from "../refs/refs.ts";
import type { Advertisement, RemoteRef } from "./advertisement.ts";
import { findRemoteRef, fullLocalName, mapRef, type Refspec } from "./refspec.ts";
import { misbehaved } from "./reasons.ts";

/** A reference of a remote that is fetched. */
export interface FetchedRef {
  readonly name: string;
  readonly oid: string;
  /** Where it is kept; null: only FETCH_HEAD tells of it. */
  readonly local: string | null;
  readonly isForced: boolean;
  readonly isForMerge: boolean;
}

/**
 * What a command line asks for: the named references for merging, and wherever the remote's own
 * refspecs keep them.
 *
 * @throws GitFailure for a reference that the remote does not have
 */
export function mapNamed(
  { refs, head }: Advertisement,
  said: readonly Refspec[],
  configured: readonly Refspec[],
): FetchedRef[] {
  const byName = new Map(refs.map((ref) => [ref.name, ref.oid]));
  if (head !== null) byName.set("HEAD", head);
  const names = new Set(byName.keys());
  const found = said.flatMap((spec): FetchedRef[] => {
    const { isForced } = spec;
    if (spec.from.includes("*")) {
      return mapAll(refs, [spec], () => true);
    }
    const name = findRemoteRef(names, spec.from === "" ? "HEAD" : spec.from);
    if (name === null) throw fatal(`couldn't find remote ref ${spec.from}`);
    const local = spec.to === "" ? null : fullLocalName(spec.to);
    return [{ name, oid: byName.get(name) ?? "", local, isForced, isForMerge: true }];
  });
  const kept = new Set(found.map(({ local }) => local));
  const beside = mapAll(
    refs.filter(({ name }) => found.some((one) => one.name === name)),
    configured,
  );
  return [...found, ...beside.filter(({ local }) => !kept.has(local))];
}

/** All that refspecs take of a remote's references. */
export function mapAll(
  refs: readonly RemoteRef[],
  specs: readonly Refspec[],
  isForMerge: (name: string) => boolean = () => false,
): FetchedRef[] {
  return specs.flatMap((spec) =>
    refs.flatMap(({ name, oid }): FetchedRef[] => {
      const local = mapRef(spec, name);
      if (local === null) return [];
      const kept = local === "" ? null : fullLocalName(local);
      return [{ name, oid, local: kept, isForced: spec.isForced, isForMerge: isForMerge(name) }];
    }),
  );
}

/** Tags that stand for something that is here or comes (git-fetch(1), `--no-tags`). */
export function followedTags(
  { refs }: Advertisement,
  local: Refs,
  isHere: (oid: string) => boolean,
): RemoteRef[] {
  return refs.filter(
    ({ name, oid, peeled }) =>
      name.startsWith("refs/tags/") && local.resolve(name) === null && isHere(peeled ?? oid),
  );
}

/**
 * Refuses names of which one would have to be a directory of the other: a remote may have both where
 * references are no files.
 *
 * @throws GitFailure
 */
export function refuseClashes(fetched: readonly FetchedRef[], local: Refs): void {
  const names = new Set([
    ...fetched.flatMap(({ local: name }) => (name === null ? [] : [name])),
    ...local.list("refs/").map(({ name }) => name),
  ]);
  for (const { local: name } of fetched) {
    const above = name?.split("/").slice(0, -1) ?? [];
    for (let count = 3; count <= above.length; count += 1) {
      const prefix = above.slice(0, count).join("/");
      if (names.has(prefix)) throw misbehaved(`it has both ${prefix} and ${name}`);
    }
  }
}
