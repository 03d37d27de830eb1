import {
  type EgressTarget,
  LOCAL_HOST,
  type Parsed,
  parseTarget,
  ruleText,
} from "./egress-rule.ts";

/*
 * What of the smart HTTP protocol of git (gitprotocol-http(5)) is passed on to other hosts: two
 * questions about two services, and nothing else that a URL could mean.
 */

/** Path of git's proxy on the runtime's host, below RESERVED_PATH. */
export const GIT_NAME = "git/";

export const gitServices = ["git-upload-pack", "git-receive-pack"] as const;
/** Reading a repository, and pushing to it. */
export type GitService = (typeof gitServices)[number];

export interface GitPlace {
  readonly target: EgressTarget;
  /** Origin and path, without `.git`: the name under which it is allowed. */
  readonly repository: string;
}

export interface GitRequest extends GitPlace {
  readonly service: GitService;
  /** What is there, or the transfer itself. */
  readonly step: "refs" | "pack";
}

/** Characters of a repository's URL; forges take less. */
export const REPOSITORY_MAX_CHARS = 500;

/** Letters that mean themselves in a path: no percent sign, so that nothing can be hidden behind one. */
const SEGMENT = /^[A-Za-z0-9_.~+@-]+$/;

const refused = (problem: string): { readonly ok: false; readonly problem: string } => ({
  ok: false,
  problem,
});

/**
 * Reads the URL of a repository, as `https://github.com/owner/name.git`.
 *
 * @param local as in `parseTarget`
 */
export function parseRepository(text: string, local: boolean): Parsed<GitPlace> {
  const typed = text.trim();
  if (typed.length > REPOSITORY_MAX_CHARS) return refused("The URL is too long.");
  const target = parseTarget(typed, local);
  if (!target.ok) return target;
  const { scheme, host } = target.value;
  if (scheme !== "https" && host !== LOCAL_HOST) return refused("git goes out by https only.");
  const { pathname, search, hash } = new URL(typed);
  if (search !== "" || hash !== "") return refused("A repository's URL ends with its path.");
  const path = pathname.replace(/\/+$/, "").replace(/\.git$/, "");
  const segments = path.slice(1).split("/");
  if (!segments.every((segment) => SEGMENT.test(segment))) {
    return refused("Name the repository by its URL, as https://github.com/owner/name.");
  }
  return { ok: true, value: { target: target.value, repository: ruleText(target.value) + path } };
}

/**
 * What a program asks of a repository; everything that is no git request is refused.
 *
 * @param local as in `parseTarget`
 */
export function parseGitRequest(method: string, url: string, local: boolean): Parsed<GitRequest> {
  const refs =
    method === "GET" ? /^([^?#]*)\/info\/refs\?service=(git-[a-z]+-pack)$/.exec(url) : null;
  const pack = method === "POST" ? /^([^?#]*)\/(git-[a-z]+-pack)$/.exec(url) : null;
  const [, repository = "", name = ""] = refs ?? pack ?? [];
  const service = gitServices.find((one) => one === name);
  if (service === undefined) return refused("That is no request of git.");
  const place = parseRepository(repository, local);
  if (!place.ok) return place;
  return { ok: true, value: { ...place.value, service, step: refs === null ? "pack" : "refs" } };
}
