import { fatal } from "../cli/failure.ts";

/**
 * Refuses a path of a tree that would lead out of the worktree or into the git directory: a repository
 * of somebody else's may hold any name (git's verify_path).
 *
 * @throws GitFailure
 */
export function checkPath(path: string): void {
  for (const part of path.split("/")) {
    // HFS+ and NTFS read some other names as `.git` too; git refuses those for everybody.
    const plain = part.replaceAll(/[\u200C-\u200F\u202A-\u202E\u206A-\u206F\uFEFF]/g, "");
    const isGit = /^(?:\.git|git~1)[ .]*(?:$|[:\\])/i.test(plain);
    if (part === "" || part === "." || part === ".." || isGit || part.includes("\0"))
      throw fatal(`invalid path '${path}'`);
  }
}
