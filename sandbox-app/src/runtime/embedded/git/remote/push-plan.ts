import { fatal, GitFailure } from "../cli/failure.ts";
import { isAncestor } from "../history/merge-base.ts";
import { isRefName, NO_OBJECT } from "../refs/refs.ts";
import { fullRefName } from "../refs/revision.ts";
import type { GitContext } from "../repository/context.ts";
import type { Advertisement } from "./advertisement.ts";
import { findRemoteRef, mapRef, type Refspec } from "./refspec.ts";

/** What becomes of one reference of the remote. */
export interface PushedRef {
  /** Full local name, or what was said of a commit; null: it is deleted. */
  readonly from: string | null;
  readonly to: string;
  readonly before: string;
  readonly after: string;
  readonly state:
    | { readonly kind: "send"; readonly isForced: boolean }
    | { readonly kind: "same" }
    | { readonly kind: "rejected"; readonly why: Rejection };
}

/** In git's words. */
export type Rejection =
  | "non-fast-forward"
  | "fetch first"
  | "stale info"
  | "already exists"
  | "needs force";

export interface Lease {
  readonly ref: string;
  /** What the remote is expected to have; null: what was last seen of it. */
  readonly expected: string | null;
}

export interface PushOptions {
  readonly specs: readonly Refspec[];
  readonly isForced: boolean;
  /** Null: none; an empty list: for all that is pushed. */
  readonly leases: readonly Lease[] | null;
  /** For messages. */
  readonly url: string;
  /** What was last seen of a reference of the remote. */
  tracked(ref: string): string | null;
}

/** What a push will change, and what it will not. @throws GitFailure */
export async function planPush(
  context: GitContext,
  advertisement: Advertisement,
  options: PushOptions,
): Promise<PushedRef[]> {
  const { url } = options;
  const remote = new Map(advertisement.refs.map(({ name, oid }) => [name, oid]));
  const planned: PushedRef[] = [];
  for (const spec of options.specs) {
    for (const { from, to, after } of await matched(context, spec, new Set(remote.keys()), url)) {
      if (planned.some((one) => one.to === to))
        throw fatal(`multiple sources for the same destination: ${to}`);
      const before = remote.get(to) ?? NO_OBJECT;
      const isForced = options.isForced || spec.isForced;
      const state = await judge(context, { to, before, after, isForced }, options);
      planned.push({ from, to, before, after, state });
    }
  }
  return planned;
}

interface Matched {
  readonly from: string | null;
  readonly to: string;
  readonly after: string;
}

async function matched(
  context: GitContext,
  spec: Refspec,
  names: ReadonlySet<string>,
  url: string,
): Promise<Matched[]> {
  const refused = (why: string): GitFailure =>
    new GitFailure(`error: ${why}\nerror: failed to push some refs to '${url}'`, 1);
  const { repository, revisions } = context;
  const { refs } = repository;
  if (spec.from.includes("*"))
    return refs.list("refs/").flatMap(({ name, oid }) => {
      const to = mapRef(spec.hasTo ? spec : { ...spec, to: spec.from }, name);
      return to === null ? [] : [{ from: name, to, after: oid }];
    });
  if (spec.from === "") {
    const to = findRemoteRef(names, spec.to);
    if (to === null) throw refused(`unable to delete '${spec.to}': remote ref does not exist`);
    return [{ from: null, to, after: NO_OBJECT }];
  }
  const full =
    spec.from === "HEAD" ? (refs.target("HEAD") ?? "HEAD") : fullRefName(repository, spec.from);
  const after = full === null ? await revisions.find(spec.from) : refs.resolve(full);
  if (after === null) throw refused(`src refspec ${spec.from} does not match any`);
  const to = destination(spec, full ?? spec.from, names);
  return [{ from: spec.from === "HEAD" ? "HEAD" : (full ?? spec.from), to, after }];
}

/** Full name on the remote: what it has by this name, else what the local one is. */
function destination(spec: Refspec, from: string, names: ReadonlySet<string>): string {
  const said = spec.hasTo ? spec.to : from;
  const known = findRemoteRef(names, said);
  if (known !== null && known !== "HEAD") return known;
  const kind = /^refs\/(?:heads|tags)\//.exec(from)?.[0];
  const full = said.startsWith("refs/") ? said : kind === undefined ? null : kind + said;
  if (full === null || !isRefName(full))
    throw new GitFailure(
      `error: The destination you provided is not a full refname (i.e.,\nstarting with "refs/"): ${said}`,
      1,
    );
  return full;
}

interface Change {
  readonly to: string;
  readonly before: string;
  readonly after: string;
  readonly isForced: boolean;
}

async function judge(
  context: GitContext,
  { to, before, after, isForced }: Change,
  options: PushOptions,
): Promise<PushedRef["state"]> {
  if (before === after) return { kind: "same" };
  const lease = leaseOf(options, to);
  if (lease !== null && lease !== before && !options.isForced)
    return { kind: "rejected", why: "stale info" };
  const isLeased = lease !== null;
  if (after === NO_OBJECT || before === NO_OBJECT) return { kind: "send", isForced: false };
  const why = await whyNot(context, to, before, after);
  if (why === null) return { kind: "send", isForced: false };
  return isForced || isLeased ? { kind: "send", isForced: true } : { kind: "rejected", why };
}

/** Null: there is none for it. */
function leaseOf(options: PushOptions, to: string): string | null {
  const { leases } = options;
  if (leases === null) return null;
  const own = leases.find(({ ref }) => ref === to || `refs/heads/${ref}` === to);
  if (own === undefined && leases.length > 0) return null;
  return own?.expected ?? options.tracked(to) ?? NO_OBJECT;
}

/** Why a reference is not moved without force (git's set_ref_status_for_push). */
async function whyNot(
  { repository }: GitContext,
  to: string,
  before: string,
  after: string,
): Promise<Rejection | null> {
  if (to.startsWith("refs/tags/")) return "already exists";
  const { objects } = repository;
  if (!objects.has(before)) return "fetch first";
  const [old, fresh] = [await objects.read(before), await objects.read(after)];
  if (old.type !== "commit" || fresh.type !== "commit") return "needs force";
  return (await isAncestor(repository, before, after)) ? null : "non-fast-forward";
}
