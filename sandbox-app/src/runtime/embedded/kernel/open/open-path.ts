import { callError, fileError } from "../file-errors.ts";
import type { DeviceNode } from "../inode.ts";
import type { Kernel } from "../kernel.ts";
import type { Process } from "../process/process.ts";
import { Device } from "./device.ts";
import { InodeFile, OpenDirectory } from "./inode-file.ts";
import type { OpenFile } from "./open-file.ts";
import { TerminalFile } from "./terminal.ts";

const descriptorPath = /^\/(?:dev|proc\/self)\/fd\/(\d{1,4})$/;

/** Opens what a path names: a file, a device, or with `/dev/fd/N` what a descriptor stands for. */
export function openPath(
  kernel: Kernel,
  process: Process,
  path: string,
  flags: number,
  mode?: number,
): OpenFile {
  const fd = descriptorPath.exec(path)?.[1];
  if (fd !== undefined) return process.descriptors.get(Number(fd), "open");
  const node = kernel.files.open(path, flags, mode);
  switch (node.type) {
    case "file":
      return new InodeFile(kernel.files, node, flags);
    case "directory":
      return new OpenDirectory(node);
    case "device":
      return openDevice(kernel, node, process, path);
    case "symlink":
      throw fileError("ELOOP", "open", path);
  }
}

/** Whether the path names something else than a file or directory. */
export function isStream({ files }: Pick<Kernel, "files">, path: string): boolean {
  return descriptorPath.test(path) || files.typeAt(path) === "device";
}

function openDevice(kernel: Kernel, node: DeviceNode, process: Process, path: string): OpenFile {
  switch (node.device) {
    case "stdin":
      return process.descriptors.get(0, "open");
    case "stdout":
      return process.descriptors.get(1, "open");
    case "stderr":
      return process.descriptors.get(2, "open");
    case "tty":
      if (process.terminal === null) throw fileError("ENXIO", "open", path);
      return new TerminalFile(process.terminal, kernel.nextIno());
    default:
      return new Device(node);
  }
}

/** Does something with what a path names, open only meanwhile. */
export async function withOpen<Result>(
  kernel: Kernel,
  process: Process,
  { path, flags }: { path: string; flags: number },
  work: (file: OpenFile) => Promise<Result>,
): Promise<Result> {
  const file = openPath(kernel, process, path, flags);
  const fd = process.descriptors.add(file, "open");
  try {
    return await work(file);
  } finally {
    if (process.descriptors.has(fd)) process.descriptors.close(fd);
  }
}

/** @throws FileError ENOTTY when the descriptor stands for no terminal */
export function terminalOf(process: Process, fd: number, call: string) {
  const { terminal } = process.descriptors.get(fd, call);
  if (terminal === null) throw callError("ENOTTY", call);
  return terminal;
}
