import type { FileSystem } from "../../kernel/file-system.ts";
import type { DirectoryNode, Inode } from "../../kernel/inode.ts";
import { HOME, WORKSPACE } from "../../kernel/layout.ts";
import { HOME_INO, type Layer, layers, type SavedNode, WORKSPACE_INO } from "../saved/node.ts";

/** What stands in the file system now. */
export interface Planted {
  readonly files: number;
  readonly bytes: number;
  /** The inodes by the layer that they are saved in, for the collector. */
  readonly known: ReadonlyMap<number, Layer>;
}

type Nodes = Readonly<Record<Layer, ReadonlyMap<number, SavedNode>>>;

/**
 * Puts what was saved into a file system that has only been laid out. Entries whose inode is in no
 * layer (node_modules that were given up) are left out.
 */
export function plant(files: FileSystem, nodes: Nodes): Planted {
  return new Planter(files, nodes).plant();
}

class Planter {
  readonly #files: FileSystem;
  readonly #nodes: Nodes;
  readonly #made = new Map<number, Inode>();
  readonly #known = new Map<number, Layer>();
  #count = 0;
  #bytes = 0;

  constructor(files: FileSystem, nodes: Nodes) {
    this.#files = files;
    this.#nodes = nodes;
  }

  plant(): Planted {
    const home = this.#files.find(HOME);
    const saved = this.#nodes.files.get(HOME_INO);
    if (home.type === "directory" && saved?.type === "directory") {
      const workspace = this.#files.find(WORKSPACE);
      this.#made.set(HOME_INO, home);
      this.#made.set(WORKSPACE_INO, workspace);
      this.#known.set(HOME_INO, "files");
      this.#clear(home);
      this.#fill(home, saved);
      if (!home.entries.has("workspace")) enter(home, "workspace", workspace);
    }
    this.#reserveNumbers();
    return { files: this.#count, bytes: this.#bytes, known: this.#known };
  }

  #clear(directory: DirectoryNode): void {
    for (const child of directory.entries.values()) child.links--;
    directory.entries.clear();
  }

  #fill(root: DirectoryNode, saved: SavedNode): void {
    const pending: [DirectoryNode, SavedNode][] = [[root, saved]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [directory, own] = next;
      directory.mode = own.mode;
      directory.mtimeMs = own.mtimeMs;
      if (own.type !== "directory") continue;
      for (const [name, ino] of own.entries) {
        const [layer, child] = this.#find(ino);
        if (child === undefined) continue;
        const isNew = !this.#known.has(ino);
        const node = this.#make(child);
        this.#known.set(ino, layer);
        enter(directory, name, node);
        if (isNew && node.type === "directory") pending.push([node, child]);
      }
    }
  }

  #find(ino: number): [Layer, SavedNode | undefined] {
    for (const layer of layers) {
      const node = this.#nodes[layer].get(ino);
      if (node !== undefined) return [layer, node];
    }
    return ["files", undefined];
  }

  #make(saved: SavedNode): Inode {
    const made = this.#made.get(saved.ino);
    if (made !== undefined) return made;
    const node = this.#files.store.restore(inodeOf(saved));
    this.#made.set(saved.ino, node);
    if (saved.type === "file") {
      this.#count++;
      this.#bytes += saved.content.byteLength;
    }
    return node;
  }

  /** New inodes must not get a number that what is saved still names. */
  #reserveNumbers(): void {
    let last = 0;
    for (const layer of layers) {
      for (const [ino, node] of this.#nodes[layer]) {
        last = Math.max(last, ino);
        if (node.type === "directory")
          for (const [, child] of node.entries) last = Math.max(last, child);
      }
    }
    if (last <= WORKSPACE_INO || this.#made.has(last)) return;
    const times = { mode: 0, mtimeMs: 0, birthtimeMs: 0 };
    const placeholder = inodeOf({ ...times, ino: last, type: "symlink", target: "" });
    this.#files.store.drop(this.#files.store.restore(placeholder));
  }
}

function enter(parent: DirectoryNode, name: string, node: Inode): void {
  parent.entries.set(name, node);
  node.links++;
  node.parent = parent;
  node.name = name;
}

function inodeOf(saved: SavedNode): Inode {
  const { ino, mode, mtimeMs, birthtimeMs } = saved;
  const common = {
    ino,
    owner: "user" as const,
    mode,
    atimeMs: mtimeMs,
    mtimeMs,
    ctimeMs: mtimeMs,
    birthtimeMs,
    links: 0,
    parent: null,
    name: "",
  };
  switch (saved.type) {
    case "file":
      return {
        ...common,
        type: "file",
        buffer: saved.content,
        size: saved.content.byteLength,
        opens: 0,
      };
    case "directory":
      return { ...common, type: "directory", entries: new Map() };
    case "symlink":
      return { ...common, type: "symlink", target: saved.target };
  }
}
