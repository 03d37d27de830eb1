import type * as z from "zod";
import { isIn, type Operation, type Place } from "./operation.ts";
import { listCheckpoints, restoreCheckpoint } from "./operations/checkpoints.ts";
import { containerStatus } from "./operations/container.ts";
import {
  createContainer,
  deleteContainer,
  listContainers,
  renameContainer,
} from "./operations/containers.ts";
import { applyPatch, editFile } from "./operations/edits.ts";
import { gitClone, gitCommit, gitPull, gitPush, gitStatus } from "./operations/git.ts";
import { listFiles, readFile, writeFile } from "./operations/files.ts";
import { managePath } from "./operations/paths.ts";
import {
  listCommands,
  listProcesses,
  readOutput,
  sendInput,
  stopProcess,
} from "./operations/processes.ts";
import { searchText } from "./operations/search.ts";
import { runCommand } from "./operations/terminal.ts";
import { waitFor } from "./operations/waiting.ts";

/** Every operation, in the order in which the faces list them. */
export const registry = {
  container_status: containerStatus,
  list_files: listFiles,
  read_file: readFile,
  search_text: searchText,
  write_file: writeFile,
  edit_file: editFile,
  apply_patch: applyPatch,
  manage_path: managePath,
  list_checkpoints: listCheckpoints,
  restore_checkpoint: restoreCheckpoint,
  run_command: runCommand,
  read_output: readOutput,
  send_input: sendInput,
  stop_process: stopProcess,
  list_processes: listProcesses,
  list_commands: listCommands,
  wait_for: waitFor,
  git_status: gitStatus,
  git_clone: gitClone,
  git_commit: gitCommit,
  git_pull: gitPull,
  git_push: gitPush,
  create_container: createContainer,
  list_containers: listContainers,
  rename_container: renameContainer,
  delete_container: deleteContainer,
} as const;

export type Registry = typeof registry;
export type OperationName = keyof Registry;
export type OperationInput<Name extends OperationName> = z.output<Registry[Name]["input"]>;
export type OperationOutput<Name extends OperationName> = z.output<Registry[Name]["output"]>;

type NamesRunningIn<Where extends Place> = {
  [Name in OperationName]: Registry[Name]["runs"] extends Where ? Name : never;
}[OperationName];
export type EdgeOperationName = NamesRunningIn<"edge">;
export type DirectoryOperationName = NamesRunningIn<"directory">;
export type TabOperationName = NamesRunningIn<"tab">;

/**
 * One handler for each operation of a place; leaving one out is a type error.
 *
 * @typeParam Context what the place gives its handlers: runtime and signal, or principal and relay
 */
export type Handlers<Names extends OperationName, Context> = {
  readonly [Name in Names]: (
    input: OperationInput<Name>,
    context: Context,
  ) => Promise<OperationOutput<Name>>;
};

export const operationNames = Object.keys(registry) as OperationName[];

const byName = new Map<string, Operation & { name: OperationName }>(Object.entries(registry));

/** The operation of this name, as the general type; undefined when there is none. */
export function findOperation(name: string): (Operation & { name: OperationName }) | undefined {
  return byName.get(name);
}

/** The operations that MCP offers, which are its tools. */
export const toolOperations: readonly (Operation & { name: OperationName })[] = [
  ...byName.values(),
].filter((operation) => isIn(operation, "mcp"));
