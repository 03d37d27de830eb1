import type { Shell } from "./shell.ts";
import type { Variables } from "./variables.ts";

/** RANDOM is 15 bits (bash manual, "Bash Variables"). */
const RANDOM_RANGE = 32_768;
const SRANDOM_RANGE = 2 ** 32;
const UID = "1000";

/**
 * Variables whose value is made when they are read. One that the user unset is a plain name in
 * subshells too.
 */
export function addSpecialVariables(shell: Shell, parent?: Variables): void {
  const computed: Record<string, () => string | undefined> = {
    RANDOM: () => String(Math.floor(Math.random() * RANDOM_RANGE)),
    SRANDOM: () => String(Math.floor(Math.random() * SRANDOM_RANGE)),
    SECONDS: () => String(Math.floor((performance.now() - shell.startedAt) / 1000)),
    EPOCHSECONDS: () => String(Math.floor(Date.now() / 1000)),
    EPOCHREALTIME: () =>
      `${Math.floor(Date.now() / 1000)}.${String(Date.now() % 1000).padStart(3, "0")}000`,
    LINENO: () => String(shell.line),
    BASHPID: () => String(shell.pid),
    BASH_SUBSHELL: () => String(shell.depth),
    PPID: () => String(shell.process.parent),
    UID: () => UID,
    EUID: () => UID,
    SHELLOPTS: () => [...shell.options.set].toSorted().join(":"),
    BASHOPTS: () => [...shell.options.shopt].toSorted().join(":"),
    BASH: () => "/usr/bin/bash",
    BASH_VERSION: () => "5.2.15(1)-release",
    HOSTTYPE: () => "wasm32",
    OSTYPE: () => "linux-gnu",
    MACHTYPE: () => "wasm32-disco-linux-gnu",
    _: () => shell.lastArgument,
  };
  for (const [name, compute] of Object.entries(computed)) {
    if (parent === undefined || parent.computed.has(name)) {
      shell.variables.computed.set(name, compute);
    }
  }
  shell.variables.changed = (name) => {
    if (name === "PATH") shell.hashed.clear();
    if (name === "OPTIND") shell.getoptsOffset = 1;
  };
}

/** Arrays that follow the shell's state. */
export function specialArray(shell: Shell, name: string): readonly string[] | undefined {
  switch (name) {
    case "PIPESTATUS":
      return shell.pipeStatus.map(String);
    case "FUNCNAME":
      if (shell.frames.length === 0) return [];
      return [
        ...shell.frames.map((frame) => frame.name),
        ...(shell.process.script === "" ? [] : ["main"]),
      ];
    case "BASH_SOURCE":
      return [
        ...shell.frames.map(({ file }) => file),
        ...(shell.file === "" ? [] : [shell.process.script]),
      ];
    case "BASH_LINENO":
      return [
        ...shell.frames.map(({ line }) => String(line)),
        ...(shell.process.script === "" ? [] : ["0"]),
      ];
    case "BASH_VERSINFO":
      return ["5", "2", "15", "1", "release", "wasm32-disco-linux-gnu"];
    case "DIRSTACK":
      return [shell.cwd, ...shell.directories];
    case "GROUPS":
      return [UID];
    default:
      return undefined;
  }
}
