import * as z from "zod";
import { type Layer, layers } from "./node.ts";

/** Grows when older code could not read what newer code wrote. */
export const FORMAT = 1;

const seq = z.int().nonnegative();

/** A layer as it was after record `seq`. Without a file it was empty. */
const Base = z.object({
  seq,
  file: z
    .object({ name: z.string(), nodes: z.int(), bytes: z.int(), sha256: z.string() })
    .nullable(),
});
export type Base = Readonly<z.infer<typeof Base>>;

/** Bases of each layer, the newest first; an older one is kept in case the newest cannot be read. */
const Bases = z.record(z.enum(layers), z.array(Base).min(1));

export const Manifest = z.object({
  format: z.literal(FORMAT),
  /** Grows with each new set of bases. */
  generation: z.int().nonnegative(),
  /** Milliseconds since the epoch. */
  writtenAt: z.number(),
  bases: Bases,
  /** Number and bytes of the records before the newest bases, kept for the older ones. */
  retained: z.array(z.tuple([seq, z.int()])),
});
export type Manifest = Readonly<z.infer<typeof Manifest>>;

/** One row of the journal: all that changed between two flushes, as a pack. */
export const JournalRecord = z.object({
  seq,
  sha256: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  bytes: z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array),
});
export type JournalRecord = Readonly<z.infer<typeof JournalRecord>>;

export function emptyManifest(): Manifest {
  const bases = Object.fromEntries(layers.map((layer) => [layer, [{ seq: 0, file: null }]]));
  return {
    format: FORMAT,
    generation: 0,
    writtenAt: 0,
    retained: [],
    bases: bases as Record<Layer, Base[]>,
  };
}

/** Names of all files that the manifest needs. */
export function filesOf({ bases }: Manifest): Set<string> {
  const all = layers.flatMap((layer) => bases[layer]);
  return new Set(all.flatMap(({ file }) => (file === null ? [] : [file.name])));
}

/** Records up to this one are in the newest base of every layer. */
export function newestSeq({ bases }: Manifest): number {
  return Math.min(...layers.map((layer) => bases[layer][0]?.seq ?? 0));
}

/** Records up to this one are in every base that is kept. */
export function coveredSeq({ bases }: Manifest): number {
  return Math.min(...layers.flatMap((layer) => bases[layer].map((base) => base.seq)));
}
