import { fatal } from "../cli/failure.ts";
import { isRefName } from "../refs/refs.ts";

/** Which reference goes where (git-fetch(1), "<refspec>"). */
export interface Refspec {
  readonly from: string;
  /** Empty: nowhere; in a push, deletes when `from` is empty. */
  readonly to: string;
  readonly isForced: boolean;
  /** Whether `to` was said. */
  readonly hasTo: boolean;
}

/** @throws GitFailure */
export function parseRefspec(said: string): Refspec {
  const [, plus, from = "", colon, to = ""] = /^(\+?)([^:]*)(:?)(.*)$/.exec(said) ?? [];
  const spec = { from, to, isForced: plus === "+", hasTo: colon === ":" };
  const stars = (name: string): number => name.split("*").length - 1;
  const isPaired = !spec.hasTo || from === "" || stars(from) === stars(to);
  if (stars(from) > 1 || !isPaired || to.startsWith("-") || from.startsWith("^"))
    throw fatal(`invalid refspec '${said}'`);
  return spec;
}

/** What a name becomes by a refspec; null when it is none of its names. */
export function mapRef({ from, to }: Refspec, name: string): string | null {
  if (!from.includes("*")) return name === from ? to : null;
  const [before = "", after = ""] = from.split("*");
  const isLong = name.length >= before.length + after.length;
  if (!isLong || !name.startsWith(before) || !name.endsWith(after)) return null;
  const middle = name.slice(before.length, name.length - after.length);
  return to.replace("*", () => middle);
}

/** A short name's full one among those that a remote has; null when it has none. */
export function findRemoteRef(names: ReadonlySet<string>, said: string): string | null {
  const places = [said, `refs/${said}`, `refs/tags/${said}`, `refs/heads/${said}`];
  return (
    places.find((name) => names.has(name) && (name.startsWith("refs/") || name === "HEAD")) ?? null
  );
}

/** The local name that a remote reference is kept under, checked. @throws GitFailure */
export function fullLocalName(to: string): string {
  const full = to.startsWith("refs/") ? to : `refs/heads/${to}`;
  if (!isRefName(full)) throw fatal(`invalid refspec: '${to}' is no name of a reference`);
  return full;
}

/** `main`, `v1`, `origin/main`: as tables show a reference. */
export function prettyRef(name: string): string {
  return name.replace(/^refs\/(?:heads|tags|remotes)\//, "");
}
