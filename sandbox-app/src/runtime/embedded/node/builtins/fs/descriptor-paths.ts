import { systemError } from "../errors/system-error.ts";
import { checkFd } from "./flags.ts";
import { call, type Operation } from "./run.ts";

/**
 * `fchmod`, `fchown`, `futimes`: the kernel changes modes and times by path, so these go by the path
 * that a descriptor was opened with, as long as the same file is still there.
 */
export class DescriptorPaths {
  readonly #paths = new Map<number, string>();

  opened(fd: number, path: string): void {
    this.#paths.set(fd, path);
  }

  closed(fd: number): void {
    this.#paths.delete(fd);
  }

  *pathOf(fdValue: unknown, syscall: string): Operation<string> {
    const fd = checkFd(fdValue);
    const status = yield* call("fstat", [fd], { syscall });
    const path = this.#paths.get(fd);
    if (path === undefined) throw systemError({ code: "ENOTSUP", syscall });
    const there = yield* call("stat", [path], { syscall });
    if (there.ino !== status.ino) throw systemError({ code: "ENOENT", syscall });
    return path;
  }
}
