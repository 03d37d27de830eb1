import type { Clock } from "../../../connection/clock.ts";
import type { FileSystem } from "../kernel/file-system.ts";
import { BrowserDisk } from "./browser/browser-disk.ts";
import { type Ownership, takeOwnership } from "./browser/ownership.ts";
import type { Restored, StorageState } from "./port/messages.ts";
import { ContainerLog } from "./saved/container-log.ts";
import { type Disk, SavedDataError } from "./saved/disk.ts";
import { Collector } from "./saving/collector.ts";
import { plant } from "./saving/plant.ts";
import { Saver, type SaveState } from "./saving/saver.ts";

/**
 * What a flush may take when the container goes to another tab: below the time after which that tab
 * steals the lock.
 */
const LAST_FLUSH_MS = 3_000;

export interface KeeperOptions {
  readonly container: string;
  /** Laid out, and else empty. */
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly tell: (state: StorageState) => void;
  readonly onStage: (stage: string) => void;
  /** Another tab has the container now: this runtime must end. */
  readonly onMoved: () => void;
}

/** Keeps one container's files in the browser, for as long as this tab owns it. */
export class Keeper {
  readonly #options: KeeperOptions;
  #ownership: Ownership | null = null;
  #disk: Disk | null = null;
  #log: ContainerLog | null = null;
  #saver: Saver | null = null;
  #hasMoved = false;

  private constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Restores the container. Never rejects: without storage the container lives in memory. */
  static async open(
    options: KeeperOptions,
  ): Promise<{ readonly keeper: Keeper; readonly restored: Restored | null }> {
    const keeper = new Keeper(options);
    try {
      return { keeper, restored: await keeper.#open() };
    } catch (error) {
      keeper.#close();
      options.tell({ state: "unavailable", message: reasonOf(error) });
      return { keeper, restored: null };
    }
  }

  /** Saves what has changed; resolves also when it could not. */
  async flush(): Promise<void> {
    await this.#saver?.flush();
  }

  /** Saves, within a bound, and lets another tab have the container. */
  async release(): Promise<void> {
    // Without a saver the files live here only, and nobody else can have them.
    if (this.#hasMoved || this.#saver === null) return;
    this.#hasMoved = true;
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const cancel = this.#options.clock.after(LAST_FLUSH_MS, () => resolve(false));
    const isComplete = await Promise.race([this.#saver.flush(), late]);
    cancel();
    this.#end(isComplete);
  }

  /** Forgets all that is saved, and saves nothing any more. */
  async reset(): Promise<void> {
    this.#saver?.stop();
    if (this.#log === null) await this.#clearDamaged();
    else await this.#log.clear();
    this.#hasMoved = true;
    this.#close();
  }

  /** Forgets the container itself: nobody opens it again. */
  async erase(): Promise<void> {
    await this.reset();
    await BrowserDisk.remove(this.#options.container);
  }

  async #open(): Promise<Restored> {
    const { container, files, clock, onStage } = this.#options;
    const opening = BrowserDisk.open(container).then((disk) => (this.#disk = disk));
    // Awaited below, after the lock; until then a failure is not unhandled.
    opening.catch(() => {});
    this.#ownership = await takeOwnership({
      container,
      onWait: () => onStage("Waiting for the other tab to save"),
      onAsked: () => void this.release(),
      onStolen: () => this.#fenced(),
    });
    const started = performance.now();
    this.#options.tell({ state: "restoring" });
    onStage("Reading the saved files");
    const { log, saved } = await ContainerLog.open(await opening, () => clock.now());
    const planted = plant(files, saved.layers);
    this.#log = log;
    const collector = new Collector(files, planted.known, () => saver.changed());
    const saver = new Saver({ log, collector, clock, tell: (state) => this.#told(state) });
    this.#saver = saver;
    this.#options.tell({ state: "saved", at: saved.savedAt });
    onStage(`Restored ${planted.files.toLocaleString("en")} files`);
    if (saved.damage !== null) void saver.renew();
    return {
      files: planted.files,
      bytes: planted.bytes,
      tookMs: performance.now() - started,
      savedAt: saved.savedAt,
      damage: saved.damage,
      isWithoutModules: saved.isWithoutModules,
    };
  }

  #told(state: SaveState): void {
    if (state.state === "fenced") this.#fenced();
    else if (!this.#hasMoved) this.#options.tell(state);
  }

  /** Another kernel owns the container: what is in memory here can no longer be saved. */
  #fenced(): void {
    if (this.#hasMoved) return;
    this.#hasMoved = true;
    this.#end(this.#saver?.isClean ?? false);
  }

  /** @param isComplete whether nothing is here that the next tab does not have */
  #end(isComplete: boolean): void {
    this.#close();
    this.#options.tell({ state: "moved", isComplete });
    if (isComplete) this.#options.onMoved();
  }

  #close(): void {
    this.#saver?.stop();
    this.#disk?.close();
    this.#ownership?.release();
  }

  /** The log could not be opened, so there is no fence yet. */
  async #clearDamaged(): Promise<void> {
    const disk = await BrowserDisk.open(this.#options.container);
    await disk.clear(await disk.claim());
    disk.close();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SavedDataError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `This browser keeps no files for this page (${message}).`;
}
