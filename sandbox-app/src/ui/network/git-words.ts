import type { GitRepository, GitWish } from "../../tab/page-api.ts";
import { formatAgo } from "../text/duration.ts";
import { visibleLine } from "../text/visible.ts";

/** A repository without the scheme that nearly all of them have. */
export function shownRepository(repository: string): string {
  return visibleLine(repository.replace(/^https:\/\//, ""));
}

/** What a repository may be used for. */
export function accessWords({ access, branches }: GitRepository): string {
  if (access === "read") return "read, with a credential where there is one";
  return branches === null ? "read and push" : `read, and push to ${visibleLine(branches)}`;
}

export function sinceWords(since: number, now: number): string {
  return `since ${formatAgo(now - since)}`;
}

/** What was refused, as a sentence. */
export function wishWords({ access, repository }: GitWish): string {
  const name = shownRepository(repository);
  return access === "push"
    ? `git push to ${name} was refused`
    : `git could not read ${name}, or has to sign in there`;
}

/** For assistive technology. */
export function gitAnnouncement(wish: GitWish): string {
  return `${wishWords(wish)}. You can allow it under Network.`;
}
