import type { NodeContext } from "../../context.ts";
import { copyTree } from "./copy-tree.ts";
import { DescriptorPaths } from "./descriptor-paths.ts";
import { directoryOperations } from "./directory-operations.ts";
import { entryOperations } from "./entry-operations.ts";
import { fileOperations } from "./file-operations.ts";
import { globOperation } from "./glob.ts";
import { createPathReader } from "./paths.ts";
import { read, readv, write, writev } from "./read-write.ts";
import type { Operation } from "./run.ts";

export type AnyOperation = (...args: unknown[]) => Operation<unknown>;
export type Operations = Readonly<Record<string, AnyOperation>>;

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function randomSuffix(node: NodeContext): string {
  const bytes = node.natives.crypto.getRandomValues(new Uint8Array(6));
  return Array.from(bytes, (byte) => letters[byte % letters.length]).join("");
}

/** Every operation of `fs`, by the name of its callback form. */
export function createOperations(node: NodeContext): Operations {
  const cwd = () => node.process.cwd();
  const path = createPathReader(cwd);
  const files = fileOperations(path);
  const entries = entryOperations(path);
  const paths = new DescriptorPaths();
  const byDescriptor = {
    *open(...args: [unknown, unknown?, unknown?]): Operation<number> {
      const fd = yield* files.open(...args);
      paths.opened(fd, path(args[0]).absolute);
      return fd;
    },
    *close(fd: unknown): Operation<undefined> {
      yield* files.close(fd);
      paths.closed(fd as number);
      return undefined;
    },
    *fchmod(fd: unknown, mode: unknown): Operation<undefined> {
      return yield* entries.chmod(yield* paths.pathOf(fd, "fchmod"), mode);
    },
    *fchown(fd: unknown, uid: unknown, gid: unknown): Operation<undefined> {
      return yield* entries.chown(yield* paths.pathOf(fd, "fchown"), uid, gid);
    },
    *futimes(fd: unknown, atime: unknown, mtime: unknown): Operation<undefined> {
      return yield* entries.utimes(yield* paths.pathOf(fd, "futime"), atime, mtime);
    },
  };
  return {
    ...files,
    ...entries,
    ...directoryOperations(path, () => randomSuffix(node)),
    ...byDescriptor,
    cp: copyTree(path, files),
    glob: globOperation(cwd),
    read,
    readv,
    write,
    writev,
  } as unknown as Operations;
}
