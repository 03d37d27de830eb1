import type { System } from "../../kernel/system-calls.ts";

/** The file system as the loader asks it: synchronous, answers instead of errors. */
export interface ModuleFiles {
  kind(path: string): "file" | "directory" | null;
  /** Index of the first path that is a file; -1. */
  firstFile(paths: readonly string[]): number;
  realpath(path: string): string;
  /** @throws FileError */
  read(path: string): Uint8Array;
}

/** Over system calls. */
export function systemModuleFiles(system: Pick<System, "callSync">): ModuleFiles {
  return {
    kind(path) {
      try {
        const { type } = system.callSync("stat", path);
        return type === "directory" ? "directory" : "file";
      } catch {
        return null;
      }
    },
    firstFile: (paths) => system.callSync("firstFile", paths),
    realpath: (path) => system.callSync("realpath", path),
    read: (path) => system.callSync("readFile", path),
  };
}

/** UTF-8 as Node reads sources: without a byte order mark. */
export function decodeSource(bytes: Uint8Array): string {
  // Fatal would refuse files that Node accepts; the mark is left out by default.
  return new TextDecoder().decode(bytes);
}
