import type { System } from "../../kernel/system-calls.ts";
import type { Disk } from "../install/disk.ts";
import { InstallSource } from "../install/source.ts";
import type { RegistryClient } from "../registry/client.ts";
import type { Config } from "./config.ts";
import type { Output } from "./output.ts";

/** What a command of npm works with. */
export interface NpmContext {
  readonly system: System;
  readonly disk: Disk;
  readonly output: Output;
  readonly config: Config;
  readonly registry: RegistryClient;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Directory of the project that the command is about. */
  readonly project: string;
  /** Name of the command, for `npm_command`. */
  readonly command: string;
  /** Words after the command's name. */
  readonly words: readonly string[];
  /** Words after `--`. */
  readonly rest: readonly string[];
}

export function sourceOf(context: NpmContext, project = context.project): InstallSource {
  return new InstallSource(context.registry, context.disk, project);
}

/** Text as one word of a POSIX shell (POSIX.1-2017, shell, 2.2.2). */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
