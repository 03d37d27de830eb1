import type { System } from "../../kernel/system-calls.ts";
import type { Output } from "../cli/output.ts";
import { Revisions } from "../refs/revision.ts";
import type { IgnoreRules } from "../worktree/ignore.ts";
import { Pathspec } from "../worktree/pathspec.ts";
import { ignoreRulesOf } from "../worktree/untracked.ts";
import { Worktree } from "../worktree/worktree.ts";
import type { Disk } from "./disk.ts";
import { openRepository, type Repository } from "./repository.ts";

export interface ContextParts {
  readonly system: System;
  readonly disk: Disk;
  readonly output: Output;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** `-c name=value`. */
  readonly said: readonly string[];
}

/** What every command is given. The repository is looked for when it is first asked for. */
export class GitContext {
  readonly system: System;
  readonly disk: Disk;
  readonly output: Output;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly said: readonly string[];
  #repository: Repository | null = null;
  #worktree: Worktree | null = null;
  #rules: IgnoreRules | null = null;

  constructor({ system, disk, output, cwd, env, said }: ContextParts) {
    this.system = system;
    this.disk = disk;
    this.output = output;
    this.cwd = cwd;
    this.env = env;
    this.said = said;
  }

  /** @throws GitFailure outside of any */
  get repository(): Repository {
    this.#repository ??= openRepository(this.disk, this);
    return this.#repository;
  }

  get worktree(): Worktree {
    this.#worktree ??= new Worktree(this.repository);
    return this.#worktree;
  }

  get revisions(): Revisions {
    return new Revisions(this.repository);
  }

  get ignoreRules(): IgnoreRules {
    this.#rules ??= ignoreRulesOf(this.repository, this.env["HOME"] ?? "/root");
    return this.#rules;
  }

  /** Rules may have changed with the files. */
  forgetIgnoreRules(): void {
    this.#rules = null;
  }

  pathspec(said: readonly string[]): Pathspec {
    const { prefix, top } = this.repository;
    return new Pathspec(said, { prefix, top, isLiteral: isSet(this.env["GIT_LITERAL_PATHSPECS"]) });
  }

  get isTerminal(): boolean {
    return this.system.callSync("terminalSize", 1) !== null;
  }

  /** All of standard input. */
  async readInput(): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = [];
    for (;;) {
      const bytes = new Uint8Array(await this.system.call("read", 0, 65_536, null));
      if (bytes.length === 0) break;
      parts.push(bytes);
    }
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

/** A variable that is a boolean, as git reads it. */
function isSet(value: string | undefined): boolean {
  return /^(?:1|true|yes|on)$/i.test(value ?? "");
}

/** @returns exit code */
export type GitCommand = (context: GitContext, args: readonly string[]) => Promise<number> | number;
