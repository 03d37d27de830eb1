import { fatal } from "../cli/failure.ts";
import { parseRefspec, type Refspec } from "../remote/refspec.ts";
import { defaultRemote, type RemoteSettings } from "../remote/remote-settings.ts";
import type { Repository } from "../repository/repository.ts";

/**
 * What is pushed when nothing is named (git-config(1), `push.default`).
 *
 * @throws GitFailure, in git's words, when it is not clear
 */
export function defaultSpecs(repository: Repository, remote: RemoteSettings): Refspec[] {
  const { config, refs } = repository;
  const configured = config.getAll(`remote.${remote.name ?? ""}.push`);
  if (configured.length > 0) return configured.map(parseRefspec);
  const mode = config.get("push.default") ?? "simple";
  if (mode === "matching")
    throw fatal("push.default=matching is not supported here; name the branches");
  if (mode === "nothing")
    throw fatal('You didn\'t specify any refspecs to push, and push.default is "nothing".');
  const { branch } = refs;
  if (branch === null)
    throw fatal(
      "You are not currently on a branch.\n" +
        "To push the history leading to the current (detached HEAD)\nstate now, use\n\n" +
        `    git push ${remote.name ?? remote.url} HEAD:<name-of-remote-branch>\n`,
    );
  const full = `refs/heads/${branch}`;
  const isSame = defaultRemote(repository) === remote.name;
  if (mode === "current" || !isSame) return [parseRefspec(`${full}:${full}`)];
  const upstream = config.get(`branch.${branch}.merge`);
  const follows = config.get(`branch.${branch}.remote`) === remote.name;
  if (upstream === undefined || !follows) {
    if (config.isOn("push.autosetupremote", false)) return [parseRefspec(`${full}:${full}`)];
    throw fatal(
      `The current branch ${branch} has no upstream branch.\n` +
        "To push the current branch and set the remote as upstream, use\n\n" +
        `    git push --set-upstream ${remote.name} ${branch}\n\n` +
        "To have this happen automatically for branches without a tracking\n" +
        "upstream, see 'push.autoSetupRemote' in 'git help config'.\n",
    );
  }
  if (mode === "simple" && upstream !== full) throw otherName(remote, upstream);
  return [parseRefspec(`${full}:${upstream}`)];
}

function otherName(remote: RemoteSettings, upstream: string): Error {
  const short = upstream.replace(/^refs\/heads\//, "");
  return fatal(
    "The upstream branch of your current branch does not match\n" +
      "the name of your current branch.  To push to the upstream branch\n" +
      `on the remote, use\n\n    git push ${remote.name} HEAD:${short}\n\n` +
      "To push to the branch of the same name on the remote, use\n\n" +
      `    git push ${remote.name} HEAD\n\n` +
      "To choose either option permanently, see push.default in 'git help config'.\n\n" +
      "To avoid automatically configuring an upstream branch when its name\n" +
      "won't match the local branch, see option 'simple' of branch.autoSetupMerge\n" +
      "in 'git help config'.\n",
  );
}
