import { contentOf } from "../../kernel/file-content.ts";
import type { FileSystem } from "../../kernel/file-system.ts";
import type { DirectoryNode, Inode } from "../../kernel/inode.ts";
import type { InodeStore } from "../../kernel/inode-store.ts";
import { HOME, WORKSPACE } from "../../kernel/layout.ts";
import { type Change, HOME_INO, type Layer, type SavedNode, WORKSPACE_INO } from "../saved/node.ts";

/** Caches of the home directory that are made again by themselves. */
const NOT_KEPT = new Set([".cache", ".npm"]);

/**
 * Knows which inodes differ from what is saved, and turns them into changes. All below the home
 * directory is kept, but the caches; nothing else is: `/tmp` and the system are made anew.
 */
export class Collector {
  readonly #store: InodeStore;
  readonly #home: DirectoryNode;
  readonly #homeIno: number;
  readonly #workspaceIno: number;
  readonly #dirty = new Set<number>();
  /** Inodes that are saved, or will be with the changes collected last, by their layer. */
  readonly #known: Map<number, Layer>;
  readonly #unsubscribe: () => void;

  /** @param known inodes that are saved already, by number as they are saved */
  constructor(files: FileSystem, known: ReadonlyMap<number, Layer>, onChange: () => void) {
    this.#store = files.store;
    const home = files.find(HOME);
    if (home.type !== "directory") throw new TypeError(`${HOME} is no directory`);
    this.#home = home;
    this.#homeIno = home.ino;
    this.#known = new Map(known);
    const workspace = files.find(WORKSPACE).ino;
    // One that the user has made has a number of its own.
    this.#workspaceIno = known.has(workspace) ? Number.NaN : workspace;
    if (!known.has(this.#savedIno(workspace))) this.#dirty.add(home.ino);
    this.#unsubscribe = this.#store.onChange(({ ino }) => {
      this.#dirty.add(ino);
      onChange();
    });
  }

  get isClean(): boolean {
    return this.#dirty.size === 0;
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** All that has changed since the last time, as it is at this moment. */
  collect(): Change[] {
    const changes = new Map<number, Change>();
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const ino of dirty) {
      const node = this.#store.get(ino);
      const isKnown = this.#known.has(this.#savedIno(ino));
      if (node !== undefined && (isKnown || this.#isKept(node))) this.#put(node, changes);
      else if (node === undefined && isKnown) this.#forget(ino, changes);
    }
    return [...changes.values()];
  }

  /** The changes could not be saved: they come again with the next ones. */
  giveBack(changes: readonly Change[]): void {
    for (const { ino } of changes) this.#dirty.add(this.#liveIno(ino));
  }

  /** Everything of a layer that can be reached by a path; what cannot is no longer known. */
  image(layer: Layer): Change[] {
    const changes = new Map<number, Change>();
    const pending: Inode[] = [this.#home];
    const seen = new Set<Inode>();
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (seen.has(node) || node.type === "device") continue;
      seen.add(node);
      const ino = this.#savedIno(node.ino);
      const own = this.#known.get(ino) ?? layerOf(node);
      if (own === layer) changes.set(ino, { layer, ino, node: this.#saved(node) });
      if (node.type === "directory")
        for (const [, child] of this.#entries(node)) pending.push(child);
    }
    for (const [ino, own] of this.#known) {
      if (own === layer && !changes.has(ino)) this.#known.delete(ino);
    }
    return [...changes.values()];
  }

  /** The inode, and what is in it and not saved yet: a directory may have come from elsewhere. */
  #put(start: Inode, changes: Map<number, Change>): void {
    const pending = [start];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      const ino = this.#savedIno(node.ino);
      if (node.type === "device" || changes.has(ino)) continue;
      const layer = this.#known.get(ino) ?? layerOf(node);
      this.#known.set(ino, layer);
      changes.set(ino, { layer, ino, node: this.#saved(node) });
      if (node.type !== "directory") continue;
      for (const [, child] of this.#entries(node)) {
        if (!this.#known.has(this.#savedIno(child.ino))) pending.push(child);
      }
    }
  }

  #forget(ino: number, changes: Map<number, Change>): void {
    const layer = this.#known.get(ino);
    if (layer === undefined) return;
    this.#known.delete(ino);
    changes.set(ino, { layer, ino, node: null });
  }

  #saved(node: Exclude<Inode, { type: "device" }>): SavedNode {
    const { mode, mtimeMs, birthtimeMs } = node;
    const common = { ino: this.#savedIno(node.ino), mode, mtimeMs, birthtimeMs };
    switch (node.type) {
      case "file":
        return { ...common, type: "file", content: contentOf(node) };
      case "symlink":
        return { ...common, type: "symlink", target: node.target };
      case "directory": {
        const entries = this.#entries(node).map(
          ([name, child]) => [name, this.#savedIno(child.ino)] as const,
        );
        return { ...common, type: "directory", entries };
      }
    }
  }

  #entries(directory: DirectoryNode): [string, Inode][] {
    const all = [...directory.entries];
    return directory === this.#home ? all.filter(([name]) => !NOT_KEPT.has(name)) : all;
  }

  /** Whether a path below the home directory leads to the inode. */
  #isKept(node: Inode): boolean {
    for (let at = node; at !== this.#home; at = at.parent) {
      if (at.parent === null || at.parent.entries.get(at.name) !== at) return false;
      if (at.parent === this.#home && NOT_KEPT.has(at.name)) return false;
    }
    return true;
  }

  #savedIno(ino: number): number {
    if (ino === this.#homeIno) return HOME_INO;
    return ino === this.#workspaceIno ? WORKSPACE_INO : ino;
  }

  #liveIno(ino: number): number {
    if (ino === HOME_INO) return this.#homeIno;
    return ino === WORKSPACE_INO ? this.#workspaceIno : ino;
  }
}

function layerOf(node: Inode): Layer {
  for (let at: Inode | null = node; at !== null; at = at.parent) {
    if (at.name === "node_modules") return "modules";
  }
  return "files";
}
