import {
  ContainerId,
  type ExportOptions,
  Imported,
  type Restored,
  StorageMessage,
  type StorageRequest,
  type StorageState,
  Usage,
} from "./messages.ts";

/** What the page sees of how its container's files are kept. */
export interface ContainerStorage {
  /** Tells the state now, and each one after it. */
  on(listener: (state: StorageState) => void): () => void;
  /** What came back when the container was opened; null when nothing is kept. */
  readonly restored: Promise<Restored | null>;
  /** Saves what has changed, before the page goes away. */
  flush(): Promise<void>;
  /** Saves, and lets another tab have the container; this runtime ends. */
  release(): Promise<void>;
  /** Deletes all that is saved of the container; this runtime ends. */
  reset(): Promise<void>;
  /** Deletes the place where it was saved too: the container is gone. This runtime ends. */
  erase(): Promise<void>;
  /** Ids of other containers that have files in this browser, whosever they are. */
  others(): Promise<string[]>;
  /** Deletes what is saved of another container, which was deleted and runs nowhere. */
  forget(container: string): Promise<void>;
  /** What the runtime's origin uses of what the browser allows it; null when that is not told. */
  measure(): Promise<Usage | null>;
  /** The workspace as a zip file. */
  export(options: ExportOptions): Promise<Blob>;
  /**
   * Unpacks a zip file into the workspace; files of the same name are replaced.
   *
   * @throws Error that says which entry is refused, and why
   */
  import(zip: Blob): Promise<Imported>;
  /** Asks the browser not to delete the files when room gets scarce. @returns whether it agreed */
  persist(): Promise<boolean>;
}

type Ask = StorageRequest extends infer Request
  ? Request extends { readonly id: number }
    ? Omit<Request, "id">
    : never
  : never;

interface Waiter {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly chunks: BlobPart[];
}

/** Uses the storage that `serveStorage` serves at the other end of the port. */
export class StorageClient implements ContainerStorage {
  readonly restored: Promise<Restored | null>;
  readonly persist: () => Promise<boolean>;
  readonly #port: MessagePort;
  readonly #onStage: (stage: string) => void;
  readonly #booted = Promise.withResolvers<Restored | null>();
  readonly #listeners = new Set<(state: StorageState) => void>();
  readonly #waiters = new Map<number, Waiter>();
  #state: StorageState = { state: "opening" };
  #nextId = 1;

  constructor(
    port: MessagePort,
    options: {
      readonly onStage: (stage: string) => void;
      readonly persist: () => Promise<boolean>;
    },
  ) {
    this.#port = port;
    this.#onStage = options.onStage;
    this.persist = options.persist;
    this.restored = this.#booted.promise;
    port.addEventListener("message", ({ data }) => this.#receive(data));
    port.start();
  }

  on(listener: (state: StorageState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  async flush(): Promise<void> {
    await this.#ask({ type: "flush" });
  }

  async release(): Promise<void> {
    await this.#ask({ type: "release" });
  }

  async reset(): Promise<void> {
    await this.#ask({ type: "reset" });
  }

  async erase(): Promise<void> {
    await this.#ask({ type: "erase" });
  }

  async others(): Promise<string[]> {
    return ContainerId.array().parse(await this.#ask({ type: "others" }));
  }

  async forget(container: string): Promise<void> {
    await this.#ask({ type: "forget", container });
  }

  async measure(): Promise<Usage | null> {
    return Usage.nullable().parse(await this.#ask({ type: "measure" }));
  }

  async export(options: ExportOptions): Promise<Blob> {
    const chunks: BlobPart[] = [];
    await this.#ask({ type: "export", options }, chunks);
    return new Blob(chunks, { type: "application/zip" });
  }

  async import(zip: Blob): Promise<Imported> {
    return Imported.parse(await this.#ask({ type: "import", zip }));
  }

  #ask(request: Ask, chunks: BlobPart[] = []): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject, chunks });
      this.#port.postMessage({ ...request, id }, []);
    });
  }

  #receive(data: unknown): void {
    const parsed = StorageMessage.safeParse(data);
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.type) {
      case "state":
        this.#state = message.state;
        for (const listener of this.#listeners) listener(message.state);
        break;
      case "stage":
        this.#onStage(message.stage);
        break;
      case "booted":
        this.#booted.resolve(message.restored);
        break;
      case "done":
        this.#take(message.id)?.resolve(message.result);
        break;
      case "failed":
        this.#take(message.id)?.reject(new Error(message.message));
        break;
      case "chunk":
        // As a Blob: the browser may move it out of the page's memory.
        this.#waiters.get(message.id)?.chunks.push(new Blob([message.bytes]));
        this.#port.postMessage({ type: "pull", id: message.id }, []);
        break;
    }
  }

  #take(id: number): Waiter | undefined {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    return waiter;
  }
}
