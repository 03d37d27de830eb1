import { ContainerId } from "../port/messages.ts";
import { type Disk, FencedError, type RowChange } from "../saved/disk.ts";
import { committed, deleteDatabase, openDatabase, settled } from "./database.ts";
import { Directory } from "./directory.ts";

const STATE = "state";
const JOURNAL = "journal";

/** Keys in the store `state`. */
const FENCE = "fence";
const MANIFEST = "manifest";

/** Of all containers; below it each has a directory of its own. */
const DIRECTORY = "disco-containers";

/** One container in the browser's own storage: rows in IndexedDB, files in OPFS. */
export class BrowserDisk implements Disk {
  readonly #database: IDBDatabase;
  readonly #files: Directory;

  private constructor(database: IDBDatabase, files: Directory) {
    this.#database = database;
    this.#files = files;
  }

  /** @param container an id without characters that a file name cannot have */
  static async open(container: string): Promise<BrowserDisk> {
    const [database, files] = await Promise.all([
      openDatabase(databaseName(container), [STATE, JOURNAL]),
      Directory.open([DIRECTORY, container]),
    ]);
    return new BrowserDisk(database, files);
  }

  /** Ids of the containers that have a place here. */
  static async list(): Promise<string[]> {
    const names = await (await Directory.open([DIRECTORY])).list();
    return names.filter((name) => ContainerId.safeParse(name).success);
  }

  /** Deletes a container's rows and files, and their places; no disk of it may be open. */
  static async remove(container: string): Promise<void> {
    const parent = await Directory.open([DIRECTORY]);
    await Promise.all([deleteDatabase(databaseName(container)), parent.removeTree(container)]);
  }

  async claim(): Promise<number> {
    // Kernels that the fence keeps apart live in this browser; after a crash of the machine there are none.
    const transaction = this.#begin("readwrite", "relaxed");
    const state = transaction.objectStore(STATE);
    const done = committed(transaction);
    const fence = numberOf(await settled(state.get(FENCE))) + 1;
    state.put(fence, FENCE);
    await done;
    return fence;
  }

  manifest(): Promise<unknown> {
    return settled(this.#begin("readonly").objectStore(STATE).get(MANIFEST));
  }

  records(after: number): Promise<readonly unknown[]> {
    const journal = this.#begin("readonly").objectStore(JOURNAL);
    return settled(journal.getAll(IDBKeyRange.lowerBound(after, true)));
  }

  async commit(fence: number, change: RowChange): Promise<void> {
    await this.#fenced(fence, (state, journal) => {
      const { append, manifest, dropThrough, dropAfter } = change;
      if (dropThrough !== undefined) journal.delete(IDBKeyRange.upperBound(dropThrough));
      if (dropAfter !== undefined) journal.delete(IDBKeyRange.lowerBound(dropAfter, true));
      if (manifest !== undefined) state.put(manifest, MANIFEST);
      if (append !== undefined) journal.put(append, append.seq);
    });
  }

  async clear(fence: number): Promise<void> {
    await this.#fenced(fence, (state, journal) => {
      journal.clear();
      state.delete(MANIFEST);
    });
    for (const name of await this.#files.list()) await this.#files.remove(name);
  }

  readFile(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#files.read(name);
  }

  writeFile(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#files.write(name, bytes);
  }

  moveFile(from: string, to: string): Promise<void> {
    return this.#files.move(from, to);
  }

  removeFile(name: string): Promise<void> {
    return this.#files.remove(name);
  }

  listFiles(): Promise<string[]> {
    return this.#files.list();
  }

  close(): void {
    this.#database.close();
  }

  /** A transaction that happens only while the fence is ours. */
  async #fenced(
    fence: number,
    change: (state: IDBObjectStore, journal: IDBObjectStore) => void,
  ): Promise<void> {
    const transaction = this.#begin("readwrite");
    const state = transaction.objectStore(STATE);
    const done = committed(transaction);
    // Awaited below; until then an abort is not unhandled.
    done.catch(() => {});
    if (numberOf(await settled(state.get(FENCE))) !== fence) {
      transaction.abort();
      throw new FencedError();
    }
    change(state, transaction.objectStore(JOURNAL));
    // At once: a page that is going away does not wait for the last answer.
    transaction.commit();
    await done;
  }

  #begin(
    mode: IDBTransactionMode,
    durability: IDBTransactionDurability = "strict",
  ): IDBTransaction {
    return this.#database.transaction([STATE, JOURNAL], mode, { durability });
  }
}

function databaseName(container: string): string {
  return `disco.container.${container}`;
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
