import * as z from "zod";

/** Ids of containers that can be saved: fit for the name of a directory and of a database. */
export const ContainerId = z.string().regex(/^[\w-]{1,64}$/);

/** What came back when the container was opened. */
export const Restored = z.object({
  files: z.int(),
  bytes: z.int(),
  /** Milliseconds that reading took. */
  tookMs: z.number(),
  /** Milliseconds since the epoch; 0 when nothing had been saved. */
  savedAt: z.number(),
  /** For the person; null when all was as it was written. */
  damage: z.string().nullable(),
  /** node_modules could not be read: `npm install` brings them back. */
  isWithoutModules: z.boolean(),
});
export type Restored = Readonly<z.infer<typeof Restored>>;

/** How safe the container's files are now. */
export const StorageState = z.discriminatedUnion("state", [
  /** Another tab may still have the container. */
  z.object({ state: z.literal("opening") }),
  /** This tab has the container, and its files are read. */
  z.object({ state: z.literal("restoring") }),
  z.object({ state: z.literal("saved"), at: z.number() }),
  z.object({ state: z.literal("unsaved") }),
  z.object({ state: z.literal("full") }),
  z.object({ state: z.literal("failing"), message: z.string() }),
  /** Nothing is saved in this tab: the browser has no storage for it, or what it has is damaged. */
  z.object({ state: z.literal("unavailable"), message: z.string() }),
  /**
   * Another tab has the container. With all saved this runtime has ended; else it goes on, so that
   * the person can export what is only here.
   */
  z.object({ state: z.literal("moved"), isComplete: z.boolean() }),
]);
export type StorageState = Readonly<z.infer<typeof StorageState>>;

export const ExportOptions = z.object({
  withModules: z.boolean(),
  withGit: z.boolean(),
});
export type ExportOptions = Readonly<z.infer<typeof ExportOptions>>;

export const Imported = z.object({ files: z.int(), bytes: z.int() });
export type Imported = Readonly<z.infer<typeof Imported>>;

export const Usage = z.object({ used: z.number(), quota: z.number() });
export type Usage = Readonly<z.infer<typeof Usage>>;

const id = z.int();

/** From the page. */
export const StorageRequest = z.discriminatedUnion("type", [
  /** Save now: the page may go away. */
  z.object({ type: z.literal("flush"), id }),
  /** Save, and let the next tab have the container. */
  z.object({ type: z.literal("release"), id }),
  /** Forget all that is saved, and end. */
  z.object({ type: z.literal("reset"), id }),
  /** Forget the container altogether, and end: it was deleted. */
  z.object({ type: z.literal("erase"), id }),
  /** Which other containers have files here? */
  z.object({ type: z.literal("others"), id }),
  /** Forget this other container: it was deleted. */
  z.object({ type: z.literal("forget"), id, container: ContainerId }),
  z.object({ type: z.literal("measure"), id }),
  z.object({ type: z.literal("export"), id, options: ExportOptions }),
  /** The last chunk of an export was taken; the next may come. */
  z.object({ type: z.literal("pull"), id }),
  z.object({ type: z.literal("import"), id, zip: z.instanceof(Blob) }),
]);
export type StorageRequest = Readonly<z.infer<typeof StorageRequest>>;

/** To the page. */
export const StorageMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("state"), state: StorageState }),
  z.object({ type: z.literal("stage"), stage: z.string() }),
  /** The files are there; the runtime may be used. Null: nothing is kept for this container. */
  z.object({ type: z.literal("booted"), restored: Restored.nullable() }),
  z.object({ type: z.literal("done"), id, result: z.unknown() }),
  z.object({ type: z.literal("failed"), id, message: z.string() }),
  z.object({
    type: z.literal("chunk"),
    id,
    bytes: z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array),
  }),
]);
export type StorageMessage = Readonly<z.infer<typeof StorageMessage>>;
