import type { GitContext } from "../repository/context.ts";
import type { Repository } from "../repository/repository.ts";
import type { Advertisement, RemoteRef } from "./advertisement.ts";
import { AppliedRefs, fetchHeadText } from "./apply-fetched.ts";
import { fetchPack } from "./fetch-pack.ts";
import { HttpTransport } from "./http-transport.ts";
import { type FetchedRef, followedTags, mapAll, mapNamed, refuseClashes } from "./map-refs.ts";
import { mapRef, parseRefspec, prettyRef, type Refspec } from "./refspec.ts";
import type { RemoteSettings } from "./remote-settings.ts";

export type TagMode = "follow" | "all" | "none";

export interface FetchOptions {
  readonly remote: RemoteSettings;
  /** Of the command line; empty: the remote's own. */
  readonly said: readonly Refspec[];
  readonly tags: TagMode;
  readonly depth: number | null;
  readonly prunes: boolean;
  readonly isForced: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly showsProgress: boolean;
  readonly updatesHead: boolean;
  readonly isDry: boolean;
  readonly appends: boolean;
  readonly action: string;
}

/**
 * Gets references of a remote with all that they need, and keeps them.
 *
 * @returns whether all of them could be kept
 * @throws GitFailure, with the repository as it was
 */
export async function fetchRefs(context: GitContext, options: FetchOptions): Promise<boolean> {
  const { repository, output, system } = context;
  const { remote } = options;
  const transport = new HttpTransport(system, remote.url);
  const advertisement = await transport.advertise("git-upload-pack");
  if (!options.appends && !options.isDry) repository.setNote("FETCH_HEAD", "");
  const asked = wantedRefs(context, options, advertisement);
  const { showsProgress, depth } = options;
  const getting = { repository, transport, output, advertisement, showsProgress };
  const isHere = (oid: string): boolean => repository.objects.has(oid);
  const named = asked.map(({ oid }) => oid);
  const wants = depth === null ? named.filter((oid) => !isHere(oid)) : named;
  if (wants.length > 0) await fetchPack({ ...getting, wants, depth });
  const fetched = [...asked, ...(await tagsFor(options, asked))];
  refuseClashes(fetched, repository.refs);
  return keep();

  async function tagsFor({ tags }: FetchOptions, known: FetchedRef[]): Promise<FetchedRef[]> {
    if (tags !== "follow") return [];
    const followed = followedTags(advertisement, repository.refs, isHere).filter(
      ({ name }) => !known.some((one) => one.name === name),
    );
    const missing = followed.map(({ oid }) => oid).filter((oid) => !isHere(oid));
    if (missing.length > 0) await fetchPack({ ...getting, wants: missing, depth: null });
    return followed.map(({ name, oid }) => ({
      name,
      oid,
      local: name,
      isForced: false,
      isForMerge: false,
    }));
  }

  async function keep(): Promise<boolean> {
    const applied = new AppliedRefs({ repository, output, url: remote.url, ...options }, fetched);
    if (options.isDry) return true;
    if (options.prunes) prune(context, options, advertisement, applied);
    await applied.apply(fetched);
    const before = options.appends ? (repository.note("FETCH_HEAD") ?? "") : "";
    repository.setNote("FETCH_HEAD", before + fetchHeadText(fetched, remote.url));
    return applied.isComplete;
  }
}

function wantedRefs(
  { repository }: GitContext,
  { remote, said, tags }: FetchOptions,
  advertisement: Advertisement,
): FetchedRef[] {
  const allTags = tags === "all" ? [parseRefspec("refs/tags/*:refs/tags/*")] : [];
  const named =
    said.length > 0
      ? mapNamed(advertisement, said, remote.fetch)
      : forMerge(repository, remote, advertisement);
  return [...named, ...mapAll(advertisement.refs, allTags)];
}

/** Without names: the remote's own refspecs, of which the branch that is followed is for merging. */
function forMerge(
  { config, refs }: GitContext["repository"],
  remote: RemoteSettings,
  advertisement: Advertisement,
): FetchedRef[] {
  if (remote.fetch.length === 0) return mapNamed(advertisement, [parseRefspec("HEAD")], []);
  const branch = refs.branch ?? "";
  const isOwn = config.get(`branch.${branch}.remote`) === remote.name;
  const merge = isOwn ? config.get(`branch.${branch}.merge`) : undefined;
  if (merge !== undefined || remote.fetch[0]?.from.includes("*") === true)
    return mapAll(advertisement.refs, remote.fetch, (name) => name === merge);
  const [first] = mapAll(advertisement.refs, remote.fetch);
  return mapAll(advertisement.refs, remote.fetch, (name) => name === first?.name);
}

/** References that follow what the remote does not have any more. */
function prune(
  { repository }: GitContext,
  { remote, said }: FetchOptions,
  { refs }: Advertisement,
  applied: AppliedRefs,
): void {
  const specs = said.length > 0 ? said.filter(({ hasTo }) => hasTo) : remote.fetch;
  for (const name of staleRefs(repository, specs, refs)) {
    applied.row({ flag: "-", summary: "[deleted]" }, "(none)", prettyRef(name));
    repository.refs.delete(name);
  }
}

/** References that are kept for what a remote does not have any more. */
export function staleRefs(
  { refs }: Repository,
  specs: readonly Refspec[],
  remote: readonly RemoteRef[],
): string[] {
  const names = new Set(remote.map(({ name }) => name));
  const isStale = (ref: string): boolean =>
    specs.some((spec) => {
      const origin = mapRef({ ...spec, from: spec.to, to: spec.from }, ref);
      return spec.to !== "" && origin !== null && !names.has(origin);
    });
  return refs
    .list("refs/")
    .flatMap(({ name }) => (refs.target(name) === null && isStale(name) ? [name] : []));
}
