import type { NodeContext } from "../../context.ts";
import { createStdinClass } from "../stdio/stdin.ts";
import { createStdoutClass } from "../stdio/stdout.ts";

/** `node:tty`. */
export function createTty(node: NodeContext): unknown {
  const Read = createStdinClass(node, true);
  const Write = createStdoutClass(node, true);
  return {
    isatty: (fd: unknown): boolean => {
      if (typeof fd !== "number" || !Number.isInteger(fd) || fd < 0) return false;
      try {
        return node.system.callSync("fstat", fd).type === "terminal";
      } catch {
        return false;
      }
    },
    ReadStream: class ReadStream extends Read {
      constructor(fd: number) {
        super(fd, "terminal");
      }
    },
    WriteStream: class WriteStream extends Write {
      constructor(fd: number) {
        super(fd, "terminal");
      }
    },
  };
}
