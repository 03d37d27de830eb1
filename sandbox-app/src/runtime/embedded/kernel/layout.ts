import type { FileSystem } from "./file-system.ts";
import type { DeviceName } from "./inode.ts";
import { PROGRAM_DIRECTORY } from "./programs.ts";

export const HOME = "/home/user";
/** Root of the workspace. */
export const WORKSPACE = `${HOME}/workspace`;
export const USER = "user";

/** Programs are looked up here; `/bin` is a link to `/usr/bin`, as in Debian. */
const PROGRAM_PATH = "/usr/local/bin:/usr/bin:/bin";

/** A shell that goes on as a copy of its parent, whose state it gets through its channel. */
export const SUBSHELL_PROGRAM = "/usr/bin/.subshell";

/** What every process starts with. */
export const baseEnvironment: Readonly<Record<string, string>> = {
  HOME,
  USER,
  LOGNAME: USER,
  SHELL: "/bin/bash",
  PATH: PROGRAM_PATH,
  LANG: "C.UTF-8",
  TERM: "xterm-256color",
  HOSTNAME: "disco",
  TMPDIR: "/tmp",
};

const etc: Readonly<Record<string, string>> = {
  passwd: `root:x:0:0:root:/root:/bin/bash\n${USER}:x:1000:1000:${USER}:${HOME}:/bin/bash\n`,
  group: `root:x:0:\n${USER}:x:1000:\n`,
  hostname: "disco\n",
  "os-release": 'PRETTY_NAME="Disco embedded runtime"\nNAME="Disco"\nID=disco\n',
};

const directories = [
  PROGRAM_DIRECTORY,
  "/dev",
  "/proc/self/fd",
  "/etc",
  "/usr/local/bin",
  "/root",
  "/home",
];

const devices: Readonly<Record<string, DeviceName>> = {
  null: "null",
  zero: "zero",
  full: "full",
  random: "random",
  urandom: "random",
  tty: "tty",
  stdin: "stdin",
  stdout: "stdout",
  stderr: "stderr",
};

/**
 * Lays out an empty container: the system's directories, a stub for each program (the shell looks
 * programs up by file), and the user's home with the workspace.
 */
export function layOut(files: FileSystem, programs: readonly string[]): void {
  for (const directory of directories) files.mkdirp(directory);
  files.chmod("/root", 0o700);
  files.symlink("usr/bin", "/bin");
  files.mkdir("/tmp", { mode: 0o777 });
  for (const program of programs) addProgram(files, `${PROGRAM_DIRECTORY}/${program}`);
  addProgram(files, SUBSHELL_PROGRAM);
  for (const [name, device] of Object.entries(devices)) files.addDevice(`/dev/${name}`, device);
  files.symlink("/proc/self/fd", "/dev/fd");
  for (const [name, text] of Object.entries(etc)) writeText(files, `/etc/${name}`, text);
  for (const directory of [HOME, WORKSPACE]) files.mkdir(directory, { owner: "user" });
  files.handToUser();
}

function addProgram(files: FileSystem, path: string): void {
  writeText(files, path, "#!/bin/bash\n# Part of the shell.\n");
  files.chmod(path, 0o755);
}

function writeText(files: FileSystem, path: string, text: string): void {
  files.write(path, new TextEncoder().encode(text));
}
