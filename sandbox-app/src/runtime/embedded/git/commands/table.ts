import type { GitCommand } from "../repository/context.ts";
import { add } from "./add.ts";
import { branch } from "./branch.ts";
import { catFile } from "./cat-file.ts";
import { checkout } from "./checkout.ts";
import { clean } from "./clean.ts";
import { clone } from "./clone.ts";
import { commit } from "./commit.ts";
import { config } from "./config.ts";
import { diff } from "./diff.ts";
import { fetch } from "./fetch.ts";
import { init } from "./init.ts";
import { log } from "./log.ts";
import { lsFiles } from "./ls-files.ts";
import { lsRemote } from "./ls-remote.ts";
import { lsTree } from "./ls-tree.ts";
import { merge } from "./merge.ts";
import { mv } from "./mv.ts";
import {
  checkIgnore,
  hashObject,
  mergeBase,
  reflog,
  revList,
  symbolicRef,
  writeTreeCommand,
} from "./plumbing.ts";
import { pull } from "./pull.ts";
import { push } from "./push.ts";
import { remote } from "./remote.ts";
import { reset } from "./reset.ts";
import { restore } from "./restore.ts";
import { revParse } from "./rev-parse.ts";
import { rm } from "./rm.ts";
import { show } from "./show.ts";
import { stash } from "./stash.ts";
import { status } from "./status.ts";
import { switchBranch } from "./switch.ts";
import { tag } from "./tag.ts";

export const gitCommands: Readonly<Record<string, GitCommand>> = {
  add,
  branch,
  "cat-file": catFile,
  "check-ignore": checkIgnore,
  checkout,
  clean,
  clone,
  commit,
  config,
  diff,
  fetch,
  "hash-object": hashObject,
  init,
  log,
  "ls-files": lsFiles,
  "ls-remote": lsRemote,
  "ls-tree": lsTree,
  merge,
  "merge-base": mergeBase,
  mv,
  reflog,
  pull,
  push,
  remote,
  reset,
  restore,
  "rev-list": revList,
  "rev-parse": revParse,
  rm,
  show,
  stash,
  status,
  switch: switchBranch,
  "symbolic-ref": symbolicRef,
  tag,
  "write-tree": writeTreeCommand,
};

/** What there is not, and what serves instead. */
export const gitRefusals: Readonly<Record<string, string>> = {
  am: "use git apply's counterpart of the container, the command patch, or edit the files",
  apply: "edit the files, or use the tool apply_patch",
  bisect: "check out commits by hand",
  blame: "use git log -p -- <file>",
  bundle: "use git push to another host, or git clone from one",
  "cherry-pick": "take the files over by git checkout <commit> -- <path>",
  describe: "use git log --oneline --decorate",
  "format-patch": "use git show <commit>",
  gc: "it is not needed: objects stay as they are",
  grep: "use the command grep or rg",
  lfs: "large file storage is out of reach; keep large files out of the repository",
  rebase: "use git merge, or git reset --soft and a new commit",
  revert: "restore the files by git checkout <commit>~1 -- <path>",
  submodule: "put the files into this repository, or use a package",
  worktree: "use git switch, or a second copy of the directory",
};

export function commandOf(name: string): GitCommand | null {
  return Object.hasOwn(gitCommands, name) ? (gitCommands[name] ?? null) : null;
}

export function refusalOf(name: string): string | null {
  if (!Object.hasOwn(gitRefusals, name)) return null;
  return `fatal: git ${name} is not supported here: ${gitRefusals[name]}`;
}
