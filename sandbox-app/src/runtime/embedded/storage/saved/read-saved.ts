import { checksum } from "./checksum.ts";
import { type Disk, SavedDataError } from "./disk.ts";
import { noteOf, type RecordNote, retainedNote } from "./journal.ts";
import {
  type Base,
  coveredSeq,
  emptyManifest,
  FORMAT,
  JournalRecord,
  Manifest,
  newestSeq,
} from "./manifest.ts";
import { type Change, type Layer, layers, type SavedNode } from "./node.ts";
import { unpack } from "./pack.ts";
import { type Known, type Plan, plans } from "./plans.ts";

export interface Saved {
  readonly manifest: Manifest;
  /** Number of the last record that is in `layers`. */
  readonly seq: number;
  /** When that record was written, in milliseconds since the epoch; 0 when nothing was saved. */
  readonly savedAt: number;
  readonly notes: readonly RecordNote[];
  readonly layers: Readonly<Record<Layer, ReadonlyMap<number, SavedNode>>>;
  /** Null when all was as it was written; else what was found, for the person. */
  readonly damage: string | null;
  /** The stored node_modules could not be read; all else could. */
  readonly isWithoutModules: boolean;
}

interface Read {
  readonly seq: number;
  readonly at: number;
  readonly changes: readonly Change[];
  readonly note: RecordNote;
}

/**
 * Puts the last whole state together from what is on the disk: it is always the state after some
 * flush, never a mixture of two. Older bases, and the records that lead on from them, are read only
 * when the newest do not do.
 *
 * @throws SavedDataError when there is no such state, or a newer version wrote it
 */
export async function readSaved(disk: Disk): Promise<Saved> {
  const stored = await disk.manifest();
  const manifest = await parseManifest(stored, disk);
  const newest = newestSeq(manifest);
  const rows = await disk.records(newest);
  const records = await readRecords(rows);
  if (rows.length === records.size) {
    const [plan] = plans(knownFrom(manifest, records));
    const isBest = layers.every((layer) => plan?.from[layer] === manifest.bases[layer][0]?.seq);
    const start = plan && isBest ? await readBases(disk, manifest, plan) : null;
    if (plan && start && plan.through === Math.max(newest, ...records.keys())) {
      const notes = manifest.retained.map(([seq, bytes]) => retainedNote(seq, bytes));
      return savedFrom({ manifest, plan, start, records, notes, damage: null });
    }
  }
  return salvage(disk, manifest);
}

/** Something is damaged: the best state that all bases and all records together give. */
async function salvage(disk: Disk, manifest: Manifest): Promise<Saved> {
  const rows = await disk.records(coveredSeq(manifest));
  const records = await readRecords(rows);
  for (const plan of plans(knownFrom(manifest, records))) {
    const start = await readBases(disk, manifest, plan);
    if (start === null) continue;
    const damage = damageOf(plan, manifest, rows);
    const left = manifestFrom(manifest, plan);
    return savedFrom({ manifest: left, plan, start, records, notes: [], damage });
  }
  throw new SavedDataError(
    "What was saved is damaged, and no whole state of it is left; a reset, under Storage, begins anew.",
  );
}

interface Found {
  readonly manifest: Manifest;
  readonly plan: Plan;
  readonly start: Nodes;
  readonly records: ReadonlyMap<number, Read>;
  readonly notes: readonly RecordNote[];
  readonly damage: string | null;
}

function savedFrom({ manifest, plan, start, records, notes, damage }: Found): Saved {
  const kept = [...records.values()].filter(({ seq }) => seq <= plan.through);
  for (const { seq, changes } of kept) replay(start, plan, seq, changes);
  return {
    manifest,
    seq: plan.through,
    savedAt: records.get(plan.through)?.at ?? manifest.writtenAt,
    notes: [...notes, ...kept.map(({ note }) => note)],
    layers: start,
    damage,
    isWithoutModules: plan.from.modules === null,
  };
}

function knownFrom({ bases }: Manifest, records: ReadonlyMap<number, Read>): Known {
  const seqs = (layer: Layer) => bases[layer].map(({ seq }) => seq);
  return {
    bases: { files: seqs("files"), modules: seqs("modules") },
    records: new Set(records.keys()),
  };
}

async function parseManifest(stored: unknown, disk: Disk): Promise<Manifest> {
  if (stored === undefined) {
    if ((await disk.records(0)).length > 0)
      throw new SavedDataError("The list of what was saved is missing.");
    return emptyManifest();
  }
  const parsed = Manifest.safeParse(stored);
  if (parsed.success) return parsed.data;
  const isNewer =
    typeof stored === "object" &&
    stored !== null &&
    "format" in stored &&
    typeof stored.format === "number" &&
    stored.format > FORMAT;
  throw new SavedDataError(
    isNewer
      ? "A newer version of Disco saved this container; reload the page to get that version."
      : "The list of what was saved cannot be read.",
  );
}

/** The records whose checksum is right, by number. */
async function readRecords(stored: readonly unknown[]): Promise<Map<number, Read>> {
  const found = new Map<number, Read>();
  for (const row of stored) {
    const parsed = JournalRecord.safeParse(row);
    if (!parsed.success) continue;
    const { seq, at, bytes, sha256 } = parsed.data;
    const changes = await unpackChecked(bytes, sha256);
    if (changes === null) continue;
    found.set(seq, { seq, at, changes, note: noteOf(seq, bytes.byteLength, changes) });
  }
  return new Map([...found].toSorted(([a], [b]) => a - b));
}

async function unpackChecked(
  bytes: Uint8Array<ArrayBuffer>,
  sha256: string,
): Promise<Change[] | null> {
  // The browser computes it on a thread of its own, while this one unpacks.
  const computed = checksum(bytes);
  const changes = unpackWhole(bytes);
  return (await computed) === sha256 ? changes : null;
}

/** Null when the bytes are damaged. */
function unpackWhole(bytes: Uint8Array<ArrayBuffer>): Change[] | null {
  try {
    return unpack(bytes);
  } catch {
    return null;
  }
}

/** What the person loses by it, as far as it can be told. */
function damageOf(plan: Plan, { bases }: Manifest, stored: readonly unknown[]): string {
  const seen = stored.flatMap((row) => {
    const parsed = JournalRecord.pick({ seq: true }).safeParse(row);
    return parsed.success ? [parsed.data.seq] : [];
  });
  const last = Math.max(...seen, ...layers.flatMap((layer) => bases[layer].map(({ seq }) => seq)));
  if (plan.through < last) return "The last changes could not be read; all before them is here.";
  return "A damaged copy was found and replaced by an older one and the journal.";
}

type Nodes = Record<Layer, Map<number, SavedNode>>;

/** Null when one of the plan's bases cannot be read. */
async function readBases(disk: Disk, manifest: Manifest, plan: Plan): Promise<Nodes | null> {
  const nodes: Nodes = { files: new Map(), modules: new Map() };
  for (const layer of layers) {
    const base = baseOf(manifest, plan, layer);
    if (base === undefined || base.file === null) continue;
    const bytes = await disk.readFile(base.file.name).catch(() => null);
    const changes = bytes === null ? null : await unpackChecked(bytes, base.file.sha256);
    if (changes === null || changes.length !== base.file.nodes) return null;
    for (const { ino, node } of changes) if (node !== null) nodes[layer].set(ino, node);
  }
  return nodes;
}

function replay(nodes: Nodes, { from }: Plan, seq: number, changes: readonly Change[]): void {
  for (const { layer, ino, node } of changes) {
    const start = from[layer];
    if (start === null || seq <= start) continue;
    if (node === null) nodes[layer].delete(ino);
    else nodes[layer].set(ino, node);
  }
}

/** What is left of a damaged manifest: the bases that were just read. */
function manifestFrom(manifest: Manifest, plan: Plan): Manifest {
  const left = (layer: Layer): Base[] => [
    baseOf(manifest, plan, layer) ?? { seq: plan.through, file: null },
  ];
  return { ...manifest, retained: [], bases: { files: left("files"), modules: left("modules") } };
}

function baseOf({ bases }: Manifest, { from }: Plan, layer: Layer): Base | undefined {
  return bases[layer].find(({ seq }) => seq === from[layer]);
}
