import { fatal } from "../cli/failure.ts";
import type { Repository } from "../repository/repository.ts";
import { parseRefspec, type Refspec } from "./refspec.ts";

/** A remote, by its name in the configuration or by its URL alone. */
export interface RemoteSettings {
  /** Null: only a URL was said. */
  readonly name: string | null;
  readonly url: string;
  readonly pushUrl: string;
  readonly fetch: readonly Refspec[];
}

/** @throws GitFailure for a name that is neither a remote nor a URL */
export function remoteSettings(repository: Repository, said: string): RemoteSettings {
  const { config } = repository;
  const url = config.get(`remote.${said}.url`);
  if (url === undefined) {
    if (!/[:/]/.test(said))
      throw fatal(
        `'${said}' does not appear to be a git repository\n` +
          "fatal: Could not read from remote repository.\n\n" +
          "Please make sure you have the correct access rights\nand the repository exists.",
      );
    return { name: null, url: said, pushUrl: said, fetch: [] };
  }
  return {
    name: said,
    url,
    pushUrl: config.get(`remote.${said}.pushurl`) ?? url,
    fetch: config.getAll(`remote.${said}.fetch`).map(parseRefspec),
  };
}

/** The remote of the branch that HEAD is on, else the only one, else `origin`. */
export function defaultRemote({ config, refs }: Repository): string {
  const own = refs.branch === null ? undefined : config.get(`branch.${refs.branch}.remote`);
  if (own !== undefined && own !== ".") return own;
  const all = config.subsections("remote");
  return all.length === 1 ? (all[0] ?? "origin") : "origin";
}
