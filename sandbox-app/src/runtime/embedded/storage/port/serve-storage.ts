import { systemClock } from "../../../../connection/clock.ts";
import type { FileSystem } from "../../kernel/file-system.ts";
import { BrowserDisk } from "../browser/browser-disk.ts";
import { Keeper, type KeeperOptions } from "../keeper.ts";
import { type Restored, type StorageMessage, StorageRequest, type Usage } from "./messages.ts";

/**
 * Restores the container's files and keeps them saved, as the page at the other end of the port asks.
 *
 * @param container its id as the page told it; null: nothing is kept
 * @param onMoved another tab has the container now, or it was reset or deleted: the runtime must end
 * @returns once the files are there
 */
export async function serveStorage(
  files: FileSystem,
  container: string | null,
  port: MessagePort,
  onMoved: (message: string) => void,
): Promise<void> {
  const send = (message: StorageMessage, transfer: Transferable[] = []) =>
    port.postMessage(message, transfer);
  const { keeper, restored } = await openKeeper({
    container,
    files,
    clock: systemClock,
    tell: (state) => send({ type: "state", state }),
    onStage: (stage) => send({ type: "stage", stage }),
    onMoved: () => onMoved("Another tab runs this container now."),
  });
  const server = new StorageServer({ files, container, keeper, send, onMoved });
  port.addEventListener("message", ({ data }) => server.receive(data));
  port.start();
  send({ type: "booted", restored });
}

async function measure(): Promise<Usage | null> {
  const { usage, quota } = await navigator.storage.estimate();
  return usage === undefined || quota === undefined ? null : { used: usage, quota };
}

async function openKeeper({
  container,
  ...options
}: Omit<KeeperOptions, "container"> & {
  readonly container: string | null;
}): Promise<{ readonly keeper: Keeper | null; readonly restored: Restored | null }> {
  if (container === null) return { keeper: null, restored: null };
  options.tell({ state: "opening" });
  return Keeper.open({ ...options, container });
}

type Send = (message: StorageMessage, transfer?: Transferable[]) => void;

class StorageServer {
  readonly #files: FileSystem;
  readonly #container: string | null;
  readonly #keeper: Keeper | null;
  readonly #send: Send;
  readonly #onMoved: (message: string) => void;
  readonly #pulls = new Map<number, () => void>();

  constructor(options: {
    readonly files: FileSystem;
    readonly container: string | null;
    readonly keeper: Keeper | null;
    readonly send: Send;
    readonly onMoved: (message: string) => void;
  }) {
    this.#files = options.files;
    this.#container = options.container;
    this.#keeper = options.keeper;
    this.#send = options.send;
    this.#onMoved = options.onMoved;
  }

  receive(data: unknown): void {
    const parsed = StorageRequest.safeParse(data);
    if (!parsed.success) return;
    const request = parsed.data;
    if (request.type === "pull") this.#pulls.get(request.id)?.();
    else void this.#answer(request);
  }

  async #answer(request: Exclude<StorageRequest, { type: "pull" }>): Promise<void> {
    const { id } = request;
    try {
      this.#send({ type: "done", id, result: await this.#perform(request) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#send({ type: "failed", id, message });
    }
  }

  async #perform(request: Exclude<StorageRequest, { type: "pull" }>): Promise<unknown> {
    switch (request.type) {
      case "flush":
        return this.#keeper?.flush();
      case "release":
        return this.#keeper?.release();
      case "reset":
        await this.#keeper?.reset();
        // After the answer, which ends with the runtime.
        setTimeout(() => this.#onMoved("The container was reset."), 0);
        return undefined;
      case "erase":
        await this.#keeper?.erase();
        setTimeout(() => this.#onMoved("The container was deleted."), 0);
        return undefined;
      case "others":
        return (await BrowserDisk.list()).filter((name) => name !== this.#container);
      case "forget":
        // Its own place goes by `erase`, after it was closed.
        if (request.container === this.#container) return undefined;
        return BrowserDisk.remove(request.container);
      case "measure":
        return measure();
      case "export":
        return this.#export(request);
      case "import":
        return (await import("../zip/import-zip.ts")).importZip(this.#files, request.zip);
    }
  }

  /** The code of compression computes tables when it loads, for which no boot is to wait. */
  async #export({ id, options }: Extract<StorageRequest, { type: "export" }>): Promise<unknown> {
    const { exportZip } = await import("../zip/export-zip.ts");
    return exportZip(this.#files, options, (bytes) => this.#chunk(id, bytes));
  }

  /** Sends a chunk and waits until it was taken, so that a slow page holds the export back. */
  async #chunk(id: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#pulls.set(id, resolve);
    this.#send({ type: "chunk", id, bytes }, [bytes.buffer]);
    await promise;
    this.#pulls.delete(id);
  }
}
