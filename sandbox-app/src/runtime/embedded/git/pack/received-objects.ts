import { type Bytes, decode } from "../objects/bytes.ts";
import type { GitObject, ObjectStore } from "../objects/object-store.ts";
import { Mode, parseTree } from "../objects/tree.ts";
import { checkPath } from "../worktree/safe-path.ts";
import { BadPack } from "./bad-pack.ts";

/**
 * What a remote has sent, while it is looked at: each object must be what its type says, and all that
 * it names has to be there, before any of it counts.
 */
export class ReceivedObjects {
  readonly #received = new Set<string>();
  readonly #named = new Set<string>();
  readonly #parents = new Map<string, readonly string[]>();

  /** @throws BadPack, GitFailure */
  add(oid: string, { type, content }: GitObject): void {
    if (this.#received.has(oid)) throw new BadPack("it holds an object twice");
    this.#received.add(oid);
    if (type === "tree") this.#addTree(content);
    else if (type === "commit") this.#addCommit(oid, content);
    else if (type === "tag") this.#addTag(content);
  }

  has(oid: string): boolean {
    return this.#received.has(oid);
  }

  /**
   * @param shallow commits whose parents were left out, as was agreed
   * @throws BadPack for what is missing
   */
  requireComplete(
    wanted: readonly string[],
    shallow: ReadonlySet<string>,
    store: Pick<ObjectStore, "has">,
  ): void {
    const require = (oid: string): void => {
      if (!this.#received.has(oid) && !store.has(oid)) throw new BadPack(`${oid} is missing`);
    };
    wanted.forEach(require);
    this.#named.forEach(require);
    for (const [oid, parents] of this.#parents) if (!shallow.has(oid)) parents.forEach(require);
  }

  #addTree(content: Bytes): void {
    for (const { name, mode, oid } of parseTree(content)) {
      if (name.includes("/")) throw new BadPack("a tree has a name with a slash");
      checkPath(name);
      // A submodule's commit is in another repository.
      if (mode !== Mode.submodule) this.#named.add(oid);
    }
  }

  #addCommit(oid: string, content: Bytes): void {
    const text = decode(content);
    const found = /^tree ([0-9a-f]{40})\n((?:parent [0-9a-f]{40}\n)*)author /.exec(text);
    if (found === null) throw new BadPack("a commit is damaged");
    this.#named.add(found[1] ?? "");
    const parents = [...(found[2] ?? "").matchAll(/[0-9a-f]{40}/g)].map(([parent]) => parent);
    this.#parents.set(oid, parents);
  }

  #addTag(content: Bytes): void {
    const object = /^object ([0-9a-f]{40})\ntype \w+\ntag /.exec(decode(content))?.[1];
    if (object === undefined) throw new BadPack("a tag is damaged");
    this.#named.add(object);
  }
}
