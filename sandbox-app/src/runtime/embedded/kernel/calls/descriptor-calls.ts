import type { Kernel } from "../kernel.ts";
import { openPath } from "../open/open-path.ts";
import { Pipe, PipeReader, PipeWriter } from "../open/pipe.ts";
import { bytesOf, modeOf, positionOf, sizeOf } from "./arguments.ts";
import type { CallHandlers } from "./handlers.ts";
import { writeFor } from "./write.ts";

type DescriptorCalls = Pick<
  CallHandlers,
  "open" | "close" | "read" | "write" | "fstat" | "ftruncate" | "duplicate" | "duplicateTo" | "pipe"
>;

/** Calls on descriptors, whatever they stand for. */
export function descriptorCalls(kernel: Kernel): DescriptorCalls {
  return {
    open: (process, path, flags, mode) => {
      const file = openPath(kernel, process, path, sizeOf(flags, "open"), modeOf(mode, "open"));
      return process.descriptors.add(file, "open");
    },
    close: ({ descriptors }, fd) => descriptors.close(fd),
    read: (process, fd, length, position) => {
      const file = process.descriptors.get(fd, "read");
      return file.read(sizeOf(length, "read"), positionOf(position, "read"), process);
    },
    write: (process, fd, bytes, position) => {
      const file = process.descriptors.get(fd, "write");
      return writeFor(
        kernel,
        process,
        file,
        bytesOf(bytes, "write"),
        positionOf(position, "write"),
      );
    },
    fstat: ({ descriptors }, fd) => descriptors.get(fd, "fstat").status(),
    ftruncate: ({ descriptors }, fd, size) =>
      descriptors.get(fd, "ftruncate").truncate(sizeOf(size, "ftruncate")),
    duplicate: ({ descriptors }, fd, atLeast = 0) =>
      descriptors.add(descriptors.get(fd, "dup"), "dup", sizeOf(atLeast, "dup")),
    duplicateTo: ({ descriptors }, fd, target) =>
      descriptors.put(target, descriptors.get(fd, "dup2"), "dup2"),
    pipe: ({ descriptors }) => {
      const pipe = new Pipe();
      const ino = kernel.nextIno();
      const readEnd = descriptors.add(new PipeReader(pipe, ino), "pipe");
      try {
        return { readEnd, writeEnd: descriptors.add(new PipeWriter(pipe, ino), "pipe") };
      } catch (error) {
        descriptors.close(readEnd);
        throw error;
      }
    },
  };
}
