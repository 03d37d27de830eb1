import type { NodeContext } from "../../context.ts";
import { createPosixPath } from "./posix.ts";
import { createWin32Path } from "./win32.ts";

/** `node:path`: POSIX, with `win32` beside it; each knows the other. */
export function createPath(node: NodeContext): unknown {
  const posix = createPosixPath(() => node.process.cwd());
  const win32 = createWin32Path();
  return Object.assign(posix, { posix, win32: Object.assign(win32, { posix, win32 }) });
}
