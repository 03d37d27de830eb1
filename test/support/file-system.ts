import { FileSystem } from "#sandbox/runtime/embedded/kernel/file-system.ts";
import { FileError } from "#sandbox/runtime/runtime.ts";

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A small file system with a clock of its own: `/etc/passwd` is the system's, `/w` the user's. */
export function newFiles(maxBytes = 1_000): FileSystem {
  let now = 0;
  const files = new FileSystem({ maxBytes, now: () => ++now });
  files.mkdir("/etc");
  files.write("/etc/passwd", encode("root"));
  files.mkdir("/w", { owner: "user" });
  files.handToUser();
  return files;
}

/** @returns the code of the FileError that it throws, or `none` */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FileError) return error.code;
    throw error;
  }
  return "none";
}
