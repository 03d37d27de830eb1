import type { NodeContext } from "../../context.ts";
import { createDir } from "./dir.ts";
import { promiseForm } from "./faces.ts";
import { createFileHandle, type FileHandleLike } from "./file-handle.ts";
import { constants } from "./flags.ts";
import type { Operations } from "./operations.ts";
import { watchIterator } from "./watch-iterator.ts";

const names =
  "access copyFile cp unlink rename link symlink readlink realpath chmod lchmod chown lchown utimes lutimes stat lstat readdir mkdir rmdir rm mkdtemp statfs truncate readFile writeFile appendFile".split(
    " ",
  );

/** `node:fs/promises`. */
export function createFsPromises(
  node: NodeContext,
  operations: Operations,
): Record<string, unknown> {
  const FileHandle = createFileHandle(node, operations);
  const run = (name: string) => promiseForm(node, name, operations[name] as never);
  const open = run("open") as (...args: unknown[]) => Promise<number>;
  const promises: Record<string, unknown> = { constants, FileHandle };
  for (const name of names) promises[name] = run(name);
  const writeFile = promises["writeFile"] as (...args: unknown[]) => Promise<void>;
  return Object.assign(promises, {
    open: async (...args: unknown[]): Promise<FileHandleLike> =>
      new FileHandle(await open(...args)),
    writeFile: (target: unknown, data: unknown, options?: unknown) =>
      isStreamed(data)
        ? writeAll(promises, target, data, options)
        : writeFile(target, data, options),
    opendir: async (path: string, options?: object) => {
      const { Dir } = createDir(node, operations);
      await run("readdir")(path);
      return new Dir(path, options);
    },
    watch: (path: unknown, options?: object) => watchIterator(node, path, options),
    glob: async function* glob(pattern: unknown, options?: unknown) {
      yield* (await run("glob")(pattern, options)) as unknown[];
    },
    mkdtempDisposable: async (prefix: unknown) => {
      const path = (await run("mkdtemp")(prefix)) as string;
      const remove = () => run("rm")(path, { recursive: true, force: true });
      return { path, remove, [Symbol.asyncDispose]: remove };
    },
  });
}

function isStreamed(data: unknown): data is AsyncIterable<unknown> {
  if (typeof data !== "object" || data === null || ArrayBuffer.isView(data)) return false;
  return Symbol.asyncIterator in data || Symbol.iterator in data;
}

async function writeAll(
  promises: Record<string, unknown>,
  target: unknown,
  data: AsyncIterable<unknown>,
  options: unknown,
): Promise<void> {
  const append = promises["appendFile"] as (...args: unknown[]) => Promise<void>;
  const write = promises["truncate"] as (...args: unknown[]) => Promise<void>;
  await append(target, "", options);
  if (typeof target === "string" || target instanceof URL) await write(target, 0);
  for await (const chunk of data) await append(target, chunk, options);
}
