import { type Layer, layers } from "./node.ts";

const MIB = 1024 * 1024;

/**
 * What a layer's records may weigh before it gets a new base. Reading a record costs about what
 * writing it into a base costs, so a base is worth it when half of it has changed; below the least
 * there is nothing to win. Modules come in bursts of many megabytes and then rest.
 */
const LEAST_BYTES: Readonly<Record<Layer, number>> = { files: 4 * MIB, modules: 24 * MIB };

/** Records of a layer before it gets a new base, however small: each costs a row to read. */
const RECORDS_MAX = 256;

/** Records that an unreadable newest base may need: beyond it the older base is given up. */
export const RETAINED_BYTES_MAX = 64 * MIB;
export const RETAINED_RECORDS_MAX = 768;

export interface LayerVolume {
  /** Bytes of the newest base. */
  readonly baseBytes: number;
  /** Content and number of the records that changed this layer since its newest base. */
  readonly bytes: number;
  readonly records: number;
  /** All records since then, of whatever layer: a base that is far behind keeps them all. */
  readonly span: { readonly bytes: number; readonly records: number };
}

/** Which layers are worth a new base now. */
export function layersToCompact(volumes: Readonly<Record<Layer, LayerVolume>>): Layer[] {
  return layers.filter((layer) => {
    const { baseBytes, bytes, records, span } = volumes[layer];
    if (records === 0) return false;
    const isFarBehind =
      span.bytes > RETAINED_BYTES_MAX / 2 || span.records > RETAINED_RECORDS_MAX / 2;
    const isHeavy = bytes > Math.max(LEAST_BYTES[layer], baseBytes / 2) || records > RECORDS_MAX;
    return isHeavy || isFarBehind;
  });
}
