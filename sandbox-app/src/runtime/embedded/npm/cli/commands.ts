import { configCommand } from "../commands/config.ts";
import { execCommand } from "../commands/exec.ts";
import { initCommand } from "../commands/init.ts";
import { ciCommand, installCommand, uninstallCommand, updateCommand } from "../commands/install.ts";
import { lsCommand } from "../commands/ls.ts";
import { outdatedCommand } from "../commands/outdated.ts";
import { packCommand } from "../commands/pack.ts";
import { pkgCommand } from "../commands/pkg.ts";
import { lifecycleCommand, runCommand } from "../commands/run.ts";
import { viewCommand } from "../commands/view.ts";
import { NpmError } from "../model/npm-error.ts";
import { NPM_VERSION } from "../model/platform.ts";
import type { NpmContext } from "./context.ts";

/** Runs one command of npm; returns the exit code. */
export type Command = (context: NpmContext) => Promise<number>;

const usage = `npm <command>

Usage:

npm install                  install all the dependencies in your project
npm install <package>…       add dependencies (-D dev, -O optional, -E exact, --no-save)
npm ci                       install exactly what package-lock.json says
npm uninstall <package>…     remove dependencies
npm update [<package>…]      take the newest versions that package.json admits
npm run <script> [-- args]   run a script of package.json; npm test, npm start
npm exec, npx <program>      run a program of the project, or of a package
npm init -y                  write a package.json; npm init <name> runs create-<name>
npm ls [--all] [--json]      list what is installed
npm outdated, npm view <package> [field], npm pack, npm pkg get|set, npm root, npm prefix,
npm config get|set|list, npm -v

npm@${NPM_VERSION} of a Disco container: packages come through Disco's registry proxy, install scripts
run only when allowed, and there are no global packages.`;

const commands: Readonly<Record<string, Command>> = {
  install: installCommand,
  ci: ciCommand,
  uninstall: uninstallCommand,
  update: updateCommand,
  run: runCommand,
  test: lifecycleCommand("test"),
  start: lifecycleCommand("start"),
  stop: lifecycleCommand("stop"),
  exec: execCommand,
  init: initCommand,
  ls: lsCommand,
  outdated: outdatedCommand,
  view: viewCommand,
  pack: packCommand,
  pkg: pkgCommand,
  config: configCommand,
  // Every install leaves only what is needed, in as few places as can be.
  prune: (context) => installCommand({ ...context, words: [], rest: [] }),
  dedupe: (context) => installCommand({ ...context, words: [], rest: [] }),
  get: (context) => configCommand({ ...context, words: ["get", ...context.words] }),
  set: (context) => configCommand({ ...context, words: ["set", ...context.words] }),
  root: async ({ output, project }) => tell(output.result(`${project}/node_modules`)),
  prefix: async ({ output, project }) => tell(output.result(project)),
  version: async ({ output }) => tell(output.result(NPM_VERSION)),
  help: async ({ output }) => tell(output.result(usage)),
};

function tell(_said: void): number {
  return 0;
}

/** Other names of commands (npm, install-test and so on, "aliases"). */
const aliases: Readonly<Record<string, string>> = {
  i: "install",
  add: "install",
  in: "install",
  isntall: "install",
  "clean-install": "ci",
  ic: "ci",
  un: "uninstall",
  remove: "uninstall",
  rm: "uninstall",
  r: "uninstall",
  unlink: "uninstall",
  up: "update",
  upgrade: "update",
  "run-script": "run",
  rum: "run",
  urn: "run",
  t: "test",
  tst: "test",
  x: "exec",
  create: "init",
  innit: "init",
  list: "ls",
  ll: "ls",
  la: "ls",
  show: "view",
  info: "view",
  v: "view",
  c: "config",
  ddp: "dedupe",
};

/** Commands that need an account, or a machine of one's own. */
const ELSEWHERE = new Set(
  (
    "access adduser audit bugs cache completion deprecate diff dist-tag docs doctor edit explain explore " +
    "find-dupes fund hook link login logout org owner ping profile publish query rebuild repo search " +
    "shrinkwrap star stars team token unpublish unstar whoami"
  ).split(" "),
);

/** The command's own name; null when there is none of that name. */
export function commandName(word: string): string | null {
  const name = aliases[word] ?? word;
  if (Object.hasOwn(commands, name)) return name;
  if (ELSEWHERE.has(name)) {
    throw new NpmError("EUNSUPPORTED", [`npm ${word} is not available in a Disco container.`]);
  }
  return null;
}

export function commandOf(name: string): Command {
  const command = commands[name];
  if (command === undefined) throw new TypeError(`there is no command ${name}`);
  return command;
}
