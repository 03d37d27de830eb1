import { fatal } from "../cli/failure.ts";
import { OptionTable, parseArguments } from "../cli/options.ts";
import { Config } from "../repository/config.ts";
import type { GitCommand } from "../repository/context.ts";
import { absolute, globalConfigPath } from "../repository/repository.ts";
import { isRefName } from "../refs/refs.ts";

const options = new OptionTable("q|quiet bare b|initial-branch= template= shared=? object-format=");

export const init: GitCommand = ({ disk, cwd, env, said, output }, words) => {
  const args = parseArguments(options, words);
  if ((args.value("object-format") ?? "sha1") !== "sha1")
    throw fatal("only the object format sha1 is supported here");
  const isBare = args.has("bare");
  const top = absolute(cwd, args.words[0] ?? ".");
  const gitdir = isBare ? top : `${top}/.git`;
  const config = new Config(
    disk,
    { global: globalConfigPath(env), local: `${gitdir}/config` },
    said,
  );
  const branch = args.value("initial-branch") ?? config.get("init.defaultbranch") ?? "master";
  if (!isRefName(branch)) throw fatal(`invalid initial branch name: '${branch}'`);
  const isAgain = disk.status(`${gitdir}/HEAD`) !== undefined;
  for (const directory of ["objects/info", "objects/pack", "refs/heads", "refs/tags", "info"])
    disk.makeDirectory(`${gitdir}/${directory}`);
  if (!isAgain) {
    disk.write(`${gitdir}/HEAD`, `ref: refs/heads/${branch}\n`);
    disk.write(
      `${gitdir}/description`,
      "Unnamed repository; edit this file 'description' to name the repository.\n",
    );
    disk.write(`${gitdir}/info/exclude`, "");
    const bare = isBare ? "\tbare = true\n" : "\tbare = false\n\tlogallrefupdates = true\n";
    disk.write(
      `${gitdir}/config`,
      `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n${bare}`,
    );
  }
  const verb = isAgain ? "Reinitialized existing" : "Initialized empty";
  if (!args.has("quiet")) output.line(`${verb} Git repository in ${gitdir}/`);
  return 0;
};
