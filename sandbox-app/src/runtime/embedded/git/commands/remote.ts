import { remoteOverNetwork, updateRemotes } from "./remote-network.ts";
import { failure, fatal, GitFailure } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import { isRefName } from "../refs/refs.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";

const options = new OptionTable("v|verbose f|fetch t= m= push all add delete n|dry-run p|prune");

export const remote: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  const { config } = context.repository;
  const [action, name = "", url = ""] = args.words;
  if (action === undefined) return list(context, args.has("verbose"));
  const exists = config.subsections("remote").includes(name);
  if (["prune", "show", "update"].includes(action)) return remoteOverNetwork(context, args);
  if (["remove", "rm", "rename", "set-url", "get-url"].includes(action) && !exists)
    throw new GitFailure(`error: No such remote${action.endsWith("-url") ? "" : ":"} '${name}'`, 2);
  switch (action) {
    case "add":
      if (!isRefName(name)) throw fatal(`'${name}' is not a valid remote name`);
      if (exists) throw failure(`remote ${name} already exists.`, 3);
      config.set(`remote.${name}.url`, url, "local");
      config.set(`remote.${name}.fetch`, `+refs/heads/*:refs/remotes/${name}/*`, "local");
      return args.has("fetch") ? updateRemotes(context, args, [name]) : 0;
    case "remove":
    case "rm":
      return remove(context, name);
    case "rename":
      return rename(context, name, url);
    case "set-url":
      config.set(`remote.${name}.${args.has("push") ? "pushurl" : "url"}`, url, "local");
      return 0;
    case "get-url":
      context.output.line(config.get(`remote.${name}.url`) ?? name);
      return 0;
    default:
      throw failure(`unknown subcommand: \`${action}'`, 129);
  }
};

function list({ repository, output }: GitContext, isVerbose: boolean): number {
  const { config } = repository;
  for (const name of config.subsections("remote").toSorted()) {
    if (!isVerbose) {
      output.line(name);
      continue;
    }
    const url = config.get(`remote.${name}.url`) ?? "";
    output.line(`${name}\t${url} (fetch)`);
    output.line(`${name}\t${config.get(`remote.${name}.pushurl`) ?? url} (push)`);
  }
  return 0;
}

function remove({ repository }: GitContext, name: string): number {
  const { config, refs } = repository;
  config.removeSection(`remote.${name}`);
  for (const branch of config.subsections("branch")) {
    if (config.get(`branch.${branch}.remote`) !== name) continue;
    config.unset(`branch.${branch}.remote`, "local");
    config.unset(`branch.${branch}.merge`, "local");
  }
  for (const ref of refs.list(`refs/remotes/${name}/`)) refs.delete(ref.name);
  return 0;
}

function rename({ repository }: GitContext, from: string, to: string): number {
  const { config, refs } = repository;
  if (!isRefName(to)) throw fatal(`'${to}' is not a valid remote name`);
  const settings = config.all("local").filter(({ key }) => key.startsWith(`remote.${from}.`));
  config.removeSection(`remote.${from}`);
  for (const { key, value } of settings) {
    const moved = value.replaceAll(`refs/remotes/${from}/`, `refs/remotes/${to}/`);
    config.set(`remote.${to}.${key.slice(`remote.${from}.`.length)}`, moved, "local", true);
  }
  for (const branch of config.subsections("branch"))
    if (config.get(`branch.${branch}.remote`) === from)
      config.set(`branch.${branch}.remote`, to, "local");
  for (const { name } of refs.list(`refs/remotes/${from}/`))
    refs.rename(
      name,
      name.replace(`refs/remotes/${from}/`, `refs/remotes/${to}/`),
      `remote: renamed ${from} to ${to}`,
    );
  return 0;
}
