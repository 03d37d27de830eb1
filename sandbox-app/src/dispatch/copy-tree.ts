import type { Runtime } from "../runtime/runtime.ts";
import { locate } from "./paths.ts";

/**
 * Copies a file, or a directory with all that is in it. A symbolic link becomes a copy of what it leads
 * to, which must be in the workspace.
 *
 * When it fails in the middle, what was copied is removed.
 */
export async function copyTree(runtime: Runtime, from: string, to: string): Promise<void> {
  try {
    await copy(runtime, from, to, []);
  } catch (error) {
    await runtime.files.remove(to, { recursive: true }).catch(() => {});
    throw error;
  }
}

/** @param within real paths of the directories that are being copied: a link may lead back to one */
async function copy(
  runtime: Runtime,
  from: string,
  to: string,
  within: readonly string[],
): Promise<void> {
  const { files } = runtime;
  const { real } = await locate(runtime, from);
  if (within.includes(real)) return;
  const { type } = await files.stat(real);
  if (type !== "directory") {
    await files.write(to, await files.read(real));
    return;
  }
  await files.mkdir(to);
  for (const { name } of await files.list(real)) {
    await copy(runtime, `${from}/${name}`, `${to}/${name}`, [...within, real]);
  }
}
