import type { ChildStream } from "../../../kernel/system-calls.ts";
import { invalidArgValue, nodeError } from "../errors/node-error.ts";

/** One of a child's descriptors: where it comes from, and whether the parent gets a stream for it. */
export type StdioEntry =
  | { readonly kind: "pipe" }
  | { readonly kind: "ignore" }
  | { readonly kind: "ipc" }
  | { readonly kind: "fd"; readonly fd: number };

function entryOf(value: unknown, index: number): StdioEntry {
  const given = value ?? (index < 3 ? "pipe" : "ignore");
  if (given === "pipe" || given === "overlapped") return { kind: "pipe" };
  if (given === "ignore") return { kind: "ignore" };
  if (given === "ipc") return { kind: "ipc" };
  if (given === "inherit") return { kind: "fd", fd: index };
  if (typeof given === "number") return { kind: "fd", fd: given };
  const { fd, _handle } = given as { fd?: unknown; _handle?: { fd?: unknown } | null };
  const number = typeof fd === "number" ? fd : _handle?.fd;
  if (typeof number === "number") return { kind: "fd", fd: number };
  throw invalidArgValue("stdio", given);
}

export function stdioEntries(stdio: unknown): StdioEntry[] {
  const list: unknown[] = Array.isArray(stdio)
    ? [...(stdio as unknown[])]
    : typeof stdio === "string"
      ? [stdio, stdio, stdio]
      : [undefined, undefined, undefined];
  if (
    stdio !== undefined &&
    stdio !== null &&
    !Array.isArray(stdio) &&
    !["pipe", "ignore", "inherit", "overlapped"].includes(stdio as string)
  ) {
    throw invalidArgValue("stdio", stdio);
  }
  while (list.length < 3) list.push(undefined);
  const entries = list.map((value, index) => entryOf(value, index));
  if (entries.filter(({ kind }) => kind === "ipc").length > 1) {
    throw nodeError("ERR_IPC_ONE_PIPE", "Child process can have only one IPC pipe");
  }
  return entries;
}

export function toChildStream(entry: StdioEntry): ChildStream {
  if (entry.kind === "pipe") return { from: "pipe" };
  return entry.kind === "fd" ? { from: "parent", fd: entry.fd } : { from: "null" };
}
