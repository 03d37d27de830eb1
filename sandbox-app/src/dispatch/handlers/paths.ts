import { DiscoError } from "#protocol/errors.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import type { TabContext, TabHandlers } from "../context.ts";
import { copyTree } from "../copy-tree.ts";
import { fileLocks, statIfThere } from "../file-access.ts";
import { withFileErrors } from "../file-errors.ts";
import { invalidArgument } from "../invalid-argument.ts";
import { listTree, TREE_ENTRIES_MAX } from "../list-tree.ts";
import { locate, locateEntry, type WorkspacePath } from "../paths.ts";
import { parentOf } from "../../parent-of.ts";

export const pathHandlers: Pick<TabHandlers, "manage_path"> = {
  manage_path: (input, context) => withFileErrors(() => manage(input, context)),
};

type Input = OperationInput<"manage_path">;
type Output = OperationOutput<"manage_path">;

function manage(input: Input, context: TabContext): Promise<Output> {
  const { action, to } = input;
  if (action === "mkdir" || action === "delete") {
    if (to !== undefined) throw invalidArgument("to", `has no meaning for ${action}`);
    return action === "mkdir" ? make(input, context) : remove(input, context);
  }
  if (to === undefined) throw invalidArgument("to", `is missing: ${action} wants it`);
  return transfer(input, to, context);
}

async function make({ action, path }: Input, { runtime, signal }: TabContext): Promise<Output> {
  const { real, relative } = await locate(runtime, path);
  const { files } = runtime;
  return fileLocks.run(real, async () => {
    const there = await statIfThere(files, real);
    if (there !== undefined && there.type !== "directory") {
      throw new DiscoError("already_exists", `${relative} exists already, and is a file.`);
    }
    signal.throwIfAborted();
    if (there === undefined) await files.mkdir(real, { recursive: true });
    return { action, path: relative, to: null, affected: there === undefined ? 1 : 0 };
  });
}

async function remove(
  { action, path, recursive }: Input,
  { runtime, signal }: TabContext,
): Promise<Output> {
  const { real, relative } = await locateOwn(runtime, path);
  const { files } = runtime;
  return fileLocks.run(real, async () => {
    const { type } = await files.stat(real);
    const affected = type === "directory" ? await countOf(runtime, real, signal) : 1;
    if (affected > 1 && !recursive) throw needsRecursive(relative);
    signal.throwIfAborted();
    await files.remove(real, { recursive });
    return { action, path: relative, to: null, affected };
  });
}

/** Moves or copies; both refuse to put anything where something is, or into itself. */
async function transfer(
  { action, path, recursive }: Input,
  target: string,
  { runtime, signal }: TabContext,
): Promise<Output> {
  const from = await locateOwn(runtime, path);
  const to = await locate(runtime, target);
  const { files } = runtime;
  if (`${to.real}/`.startsWith(`${from.real}/`)) {
    throw invalidArgument("to", "is the path itself, or below it");
  }
  return fileLocks.runAll([from.real, to.real], async () => {
    const { type } = await files.stat(from.real);
    if ((await statIfThere(files, to.real)) !== undefined) {
      throw new DiscoError("already_exists", `${to.relative} exists already.`);
    }
    const affected = type === "directory" ? await countOf(runtime, from.real, signal) : 1;
    if (action === "copy" && type === "directory" && !recursive)
      throw needsRecursive(from.relative);
    signal.throwIfAborted();
    await files.mkdir(parentOf(to.real), { recursive: true });
    if (action === "move") await files.rename(from.real, to.real);
    else await copyTree(runtime, from.real, to.real);
    return { action, path: from.relative, to: to.relative, affected };
  });
}

/** What is at the path itself; the workspace as a whole stays where it is. */
async function locateOwn(
  runtime: TabContext["runtime"],
  path: string,
): Promise<WorkspacePath & { readonly real: string }> {
  const entry = await locateEntry(runtime, path);
  if (entry.relative !== ".") return entry;
  throw invalidArgument("path", "is the workspace itself");
}

function needsRecursive(path: string): DiscoError {
  const message = `${path} is a directory; set recursive to take it with all that is in it.`;
  return new DiscoError("is_directory", message);
}

/** The directory and all below it. */
async function countOf(
  { files }: TabContext["runtime"],
  real: string,
  signal: AbortSignal,
): Promise<number> {
  const { entries } = await listTree(files, real, TREE_ENTRIES_MAX, signal);
  return entries.length + 1;
}
