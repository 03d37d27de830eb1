import type { ErrorCode } from "#protocol/error-catalogue.ts";
import { DiscoError } from "#protocol/errors.ts";
import type { GitAnswer } from "./run-git.ts";

/** Characters of git's own words in a message: the reason is in the last of them. */
const WORDS_MAX_CHARS = 1_500;

/** Lines that tell no reason: advice, what is for programs, and how far it got. */
const NO_REASON = /^(?:hint|disco): |^Cloning into |^\w[\w ]+: +\d+% /;

/** What the container's git says last when the way out refused, and not git itself. */
const reasons: Readonly<Record<string, ErrorCode>> = {
  authentication_failed: "git_auth_required",
  host_not_allowed: "network_not_granted",
  network_refused: "network_refused",
  network_unavailable: "network_unavailable",
  overloaded: "overloaded",
  push_not_granted: "push_not_granted",
  ref_not_granted: "push_not_granted",
  redirect_refused: "network_refused",
  repository_not_found: "repository_not_found",
  too_large: "too_large",
};

/** What git says in its own words, the first that fits. */
const words: readonly (readonly [said: RegExp, code: ErrorCode])[] = [
  [/not a git repository/, "not_a_repository"],
  [/Authentication failed|could not read (?:Username|Password)/, "git_auth_required"],
  [/repository '.*' (?:not found|does not exist)|Repository not found/, "repository_not_found"],
  [/does not appear to be a git repository/, "repository_not_found"],
  [/\((?:fetch first|non-fast-forward|stale info)\)/, "git_rejected"],
  [/would be overwritten by|not possible because you have unmerged/, "git_conflict"],
  [/have not concluded your merge|Exiting because of (?:an )?unresolved/, "git_conflict"],
  [/pathspec '.*' did not match any file/, "file_not_found"],
  [/No space left|ENOSPC/, "storage_full"],
  [/Could not resolve host|Failed to connect|unable to access/, "network_unavailable"],
];

/**
 * Why a git command failed, as an error of the catalogue; its message is git's own words.
 *
 * @param what the command, as `git pull`
 */
export function gitFailure(what: string, answer: Pick<GitAnswer, "stdout" | "stderr">): DiscoError {
  const all = `${answer.stdout}\n${answer.stderr}`;
  const reason = [...answer.stderr.matchAll(/^disco: reason=(\w+)$/gm)].at(-1)?.[1] ?? "";
  const code = reasons[reason] ?? words.find(([said]) => said.test(all))?.[1] ?? "git_refused";
  const said = wordsOf(answer.stderr) || wordsOf(answer.stdout) || "it does not say why";
  const details = reason === "" ? {} : { details: { reason } };
  return new DiscoError(code, `${what}: ${said}`, details);
}

/** Without progress, advice, what is for programs, and credentials. */
function wordsOf(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf("\r") + 1).trim())
    .filter((line) => line !== "" && !NO_REASON.test(line));
  const all = lines.join("\n").replaceAll(/(:\/\/)[^\s/@]+@/g, "$1");
  return all.length <= WORDS_MAX_CHARS ? all : `… ${all.slice(-WORDS_MAX_CHARS)}`;
}
