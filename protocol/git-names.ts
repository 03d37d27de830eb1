import * as z from "zod";
import { REPOSITORY_MAX_CHARS } from "./git-request.ts";
import { withoutNul } from "./text.ts";

/** Longest name of a branch or a remote: a file name holds no more (NAME_MAX). */
const NAME_MAX_CHARS = 250;
/** Longest name with address. */
const AUTHOR_MAX_CHARS = 300;
/** A message is read in a list of commits; what is longer is a document. */
const MESSAGE_MAX_CHARS = 20_000;

/** What no name of a reference may hold: blanks, controls and the signs of revisions. */
const REFUSED = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$/u;

/**
 * Whether git takes it as the name of a branch (git-check-ref-format(1)). None begins with a dash, so
 * that no name is ever an option.
 */
export function isBranchName(name: string): boolean {
  const isRefused = REFUSED.test(name) || /^[-/]|^@?$/.test(name) || !name.isWellFormed();
  return !isRefused && !name.split("/").some((part) => /^\.|\.lock$/.test(part));
}

/** Whether it is the URL of a repository over HTTP; which hosts may be reached is decided elsewhere. */
function isRepositoryUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || /[\s\\]/.test(text) || !URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return `${username}${password}${search}${hash}` === "";
}

export const branchName = z
  .string()
  .max(NAME_MAX_CHARS)
  .refine(isBranchName, "wants the name of a branch (git check-ref-format)");

export const remoteName = z
  .string()
  .max(NAME_MAX_CHARS)
  .refine(isBranchName, "wants the name of a remote, as git remote lists them");

export const repositoryUrl = z
  .string()
  .max(REPOSITORY_MAX_CHARS)
  .refine(
    isRepositoryUrl,
    "wants an https:// URL without name and password: the user adds credentials in the sandbox page",
  );

/** As git's `--author` takes it. */
export const authorName = z
  .string()
  .max(AUTHOR_MAX_CHARS)
  .refine(
    (text) => /^[^<>]*[^<>\s][^<>]* <[^<>\s]+>$/.test(text) && !/\p{Cc}/u.test(text),
    "wants `Name <email>`",
  );

export const commitMessage = withoutNul(z.string().max(MESSAGE_MAX_CHARS)).refine(
  (text) => text.trim() !== "",
  "must not be empty",
);
