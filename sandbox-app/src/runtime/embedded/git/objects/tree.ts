import { fatal } from "../cli/failure.ts";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { type Bytes, comparePaths, concat, decode, encode } from "./bytes.ts";

/** Modes of entries as git keeps them. */
export const Mode = {
  directory: 0o040000,
  file: 0o100644,
  executable: 0o100755,
  symlink: 0o120000,
  submodule: 0o160000,
} as const;

export interface TreeEntry {
  readonly name: string;
  readonly mode: number;
  readonly oid: string;
}

const NAME_BYTES = 20;

/** @throws GitFailure for what is no tree */
export function parseTree(content: Bytes): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    // A tree of somebody else's may be anything.
    if (space === -1 || end === -1 || end + NAME_BYTES >= content.length)
      throw fatal("a tree object is damaged");
    entries.push({
      mode: Number.parseInt(decode(content.subarray(at, space)), 8),
      name: decode(content.subarray(space + 1, end)),
      oid: bytesToHex(content.subarray(end + 1, end + 1 + NAME_BYTES)),
    });
    at = end + 1 + NAME_BYTES;
  }
  return entries;
}

/** Sorted as git sorts: a directory as if its name ended in a slash. */
export function formatTree(entries: readonly TreeEntry[]): Bytes {
  const sorted = entries.toSorted((one, other) => comparePaths(sortName(one), sortName(other)));
  return concat(
    sorted.flatMap(({ mode, name, oid }) => [
      encode(`${mode.toString(8)} ${name}\0`),
      hexToBytes(oid),
    ]),
  );
}

function sortName({ mode, name }: TreeEntry): string {
  return mode === Mode.directory ? `${name}/` : name;
}

/** `100644` and, in six digits, `040000`. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(6, "0");
}

export function typeOfMode(mode: number): "tree" | "commit" | "blob" {
  if (mode === Mode.directory) return "tree";
  return mode === Mode.submodule ? "commit" : "blob";
}
