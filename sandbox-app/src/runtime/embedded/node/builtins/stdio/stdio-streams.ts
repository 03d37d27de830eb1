import type { NodeContext } from "../../context.ts";
import type { FileStatus } from "../../../kernel/system-calls.ts";
import { createStdinClass } from "./stdin.ts";
import { createStdoutClass } from "./stdout.ts";

function typeOf(node: NodeContext, fd: number): FileStatus["type"] | null {
  try {
    return node.system.callSync("fstat", fd).type;
  } catch {
    return null;
  }
}

/** `process.stdin`, `process.stdout` and `process.stderr`, each made when first used. */
export function createStdio(node: NodeContext): unknown {
  const made: Partial<Record<string, unknown>> = {};
  const output = (name: string, fd: 1 | 2) => {
    const type = typeOf(node, fd);
    const Stdout = createStdoutClass(node, type === "terminal");
    return (made[name] ??= new Stdout(fd, type ?? "device"));
  };
  return {
    get stdin() {
      if (made["stdin"] === undefined) {
        const type = typeOf(node, 0);
        const Stdin = createStdinClass(node, type === "terminal");
        made["stdin"] = new Stdin(0, type);
      }
      return made["stdin"];
    },
    get stdout() {
      return output("stdout", 1);
    },
    get stderr() {
      return output("stderr", 2);
    },
  };
}
