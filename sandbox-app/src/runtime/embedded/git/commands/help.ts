import { gitCommands } from "./table.ts";

export function helpText(): string {
  const names = Object.keys(gitCommands).toSorted();
  return (
    "usage: git [--version] [--help] [-C <path>] [-c <name>=<value>]\n" +
    "           [--git-dir=<path>] [--work-tree=<path>] <command> [<args>]\n\n" +
    `These commands are supported here:\n\n${names.map((name) => `   ${name}\n`).join("")}`
  ).trimEnd();
}
