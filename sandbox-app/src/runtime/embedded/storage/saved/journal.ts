import { RETAINED_BYTES_MAX, RETAINED_RECORDS_MAX, type LayerVolume } from "./compaction.ts";
import { type Base, coveredSeq, type Manifest } from "./manifest.ts";
import { type Change, type Layer, layers } from "./node.ts";

/** What a change weighs besides its content: its row in the head. */
const ROW_BYTES = 100;

interface Weight {
  readonly bytes: number;
  readonly records: number;
}

/** What is known of a record without reading it again. */
export interface RecordNote {
  readonly seq: number;
  /** Of the packed record. */
  readonly bytes: number;
  readonly weights: Readonly<Record<Layer, Weight>>;
}

export function noteOf(seq: number, bytes: number, changes: readonly Change[]): RecordNote {
  return {
    seq,
    bytes,
    weights: { files: weigh(changes, "files"), modules: weigh(changes, "modules") },
  };
}

function weigh(changes: readonly Change[], layer: Layer): Weight {
  const own = changes.filter((change) => change.layer === layer);
  if (own.length === 0) return { bytes: 0, records: 0 };
  const bytes = own.reduce(
    (sum, { node }) => sum + ROW_BYTES + (node?.type === "file" ? node.content.byteLength : 0),
    0,
  );
  return { bytes, records: 1 };
}

/** How far the records have gone beyond the newest base of a layer. */
export function volumeOf(
  layer: Layer,
  { bases }: Manifest,
  notes: readonly RecordNote[],
): LayerVolume {
  const newest = bases[layer][0];
  const since = notes.filter(({ seq }) => seq > (newest?.seq ?? 0));
  const sum = (pick: (note: RecordNote) => number) =>
    since.reduce((total, note) => total + pick(note), 0);
  return {
    baseBytes: newest?.file?.bytes ?? 0,
    bytes: sum((note) => note.weights[layer].bytes),
    records: sum((note) => note.weights[layer].records),
    span: { bytes: sum(({ bytes }) => bytes), records: since.length },
  };
}

/**
 * The bases after some layers got new ones at `seq`. A layer that did not change since its newest
 * base has, at `seq`, the same content: its base counts as one of `seq`. The base before the newest
 * is kept, as long as the records that lead on from it are not too many.
 */
export function nextBases(
  manifest: Manifest,
  seq: number,
  fresh: Readonly<Partial<Record<Layer, Base>>>,
  notes: readonly RecordNote[],
): Manifest["bases"] {
  const next = (layer: Layer): Base[] => {
    const known = manifest.bases[layer];
    const made = fresh[layer];
    if (made !== undefined) return [made, ...known.slice(0, 1)];
    const [newest, ...older] = known;
    const isCurrent = volumeOf(layer, manifest, notes).records === 0;
    return newest !== undefined && isCurrent ? [{ ...newest, seq }, ...older] : [...known];
  };
  return withinLimits({ files: next("files"), modules: next("modules") }, notes);
}

function withinLimits(
  bases: Record<Layer, Base[]>,
  notes: readonly RecordNote[],
): Record<Layer, Base[]> {
  for (;;) {
    const lowest = Math.min(...layers.flatMap((layer) => bases[layer].map(({ seq }) => seq)));
    const needed = notes.filter(({ seq }) => seq > lowest);
    const bytes = needed.reduce((sum, note) => sum + note.bytes, 0);
    if (needed.length <= RETAINED_RECORDS_MAX && bytes <= RETAINED_BYTES_MAX) return bases;
    const behind = layers.find(
      (layer) => bases[layer].length > 1 && bases[layer].at(-1)?.seq === lowest,
    );
    if (behind === undefined) return bases;
    bases[behind] = bases[behind].slice(0, -1);
  }
}

/** A record that only an older base needs: what it weighed for its layers no longer matters. */
export function retainedNote(seq: number, bytes: number): RecordNote {
  const nothing = { bytes: 0, records: 0 };
  return { seq, bytes, weights: { files: nothing, modules: nothing } };
}

/** The notes of the records that the manifest still needs. */
export function notesNeeded(manifest: Manifest, notes: readonly RecordNote[]): RecordNote[] {
  const covered = coveredSeq(manifest);
  return notes.filter(({ seq }) => seq > covered);
}
