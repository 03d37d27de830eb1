/** Exists in workers only, and so not in the page's types (File System Standard, section 2.6). */
interface SyncAccess {
  read(bytes: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

interface WorkerFile extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncAccess>;
  /** Replaces in one step what has the name; a proposal that every engine has for OPFS. */
  move(name: string): Promise<void>;
}

/** Files of one directory in the origin's private file system (OPFS). For workers only. */
export class Directory {
  readonly #handle: FileSystemDirectoryHandle;

  private constructor(handle: FileSystemDirectoryHandle) {
    this.#handle = handle;
  }

  static async open(path: readonly string[]): Promise<Directory> {
    let handle = await navigator.storage.getDirectory();
    for (const name of path) handle = await handle.getDirectoryHandle(name, { create: true });
    return new Directory(handle);
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const file = await this.#existing(name);
    if (file === null) return null;
    const access = await file.createSyncAccessHandle();
    try {
      const bytes = new Uint8Array(access.getSize());
      access.read(bytes, { at: 0 });
      return bytes;
    } finally {
      access.close();
    }
  }

  async write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const file = (await this.#handle.getFileHandle(name, { create: true })) as WorkerFile;
    const access = await file.createSyncAccessHandle();
    try {
      access.truncate(0);
      const written = access.write(bytes, { at: 0 });
      if (written !== bytes.byteLength) throw new DOMException("No room.", "QuotaExceededError");
      access.flush();
    } finally {
      access.close();
    }
  }

  async move(from: string, to: string): Promise<void> {
    const file = (await this.#handle.getFileHandle(from)) as WorkerFile;
    await file.move(to);
  }

  async remove(name: string): Promise<void> {
    await this.#handle.removeEntry(name);
  }

  /** Removes a directory with all that is in it; without effect when there is none. */
  async removeTree(name: string): Promise<void> {
    try {
      await this.#handle.removeEntry(name, { recursive: true });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  async list(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of this.#handle.keys()) names.push(name);
    return names;
  }

  async #existing(name: string): Promise<WorkerFile | null> {
    try {
      return (await this.#handle.getFileHandle(name)) as WorkerFile;
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof DOMException && error.name === "NotFoundError";
}
