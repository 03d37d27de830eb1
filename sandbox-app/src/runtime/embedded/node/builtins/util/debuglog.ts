import type { NodeContext } from "../../context.ts";

type Log = ((...args: unknown[]) => void) & { enabled: boolean };

/** `util.debuglog`: writes to stderr when the set's name is in NODE_DEBUG (`*` is a wildcard). */
export function createDebuglog(node: NodeContext): (set: string) => Log {
  const enabled = (set: string): boolean =>
    (node.process.env["NODE_DEBUG"] ?? "").split(",").some((pattern) => {
      const source = pattern.trim().replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
      return source !== "" && new RegExp(`^${source.replaceAll("*", ".*")}$`, "i").test(set);
    });
  return (name) => {
    const set = name.toUpperCase();
    const log = (...args: unknown[]) => {
      if (!enabled(set)) return;
      const { format } = node.builtin<{ format: (...values: unknown[]) => string }>("util");
      node.process.stderr.write(`${set} ${node.process.pid}: ${format(...args)}\n`);
    };
    return Object.defineProperty(log, "enabled", { get: () => enabled(set) }) as Log;
  };
}
