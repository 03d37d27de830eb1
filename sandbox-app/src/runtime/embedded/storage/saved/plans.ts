import { type Layer, layers } from "./node.ts";

/** A way to put a past state together: a base for each layer, then all records up to one. */
export interface Plan {
  readonly through: number;
  /** Number of the base to start from; null: the layer is given up. */
  readonly from: Readonly<Record<Layer, number | null>>;
}

export interface Known {
  /** Numbers of the bases that the manifest names. */
  readonly bases: Readonly<Record<Layer, readonly number[]>>;
  /** Numbers of the records that are whole. */
  readonly records: ReadonlySet<number>;
}

/**
 * All ways to restore, the best first: latest state, then node_modules kept, then newest bases. Each
 * ends every layer at the same record, so none mixes two moments. Giving up node_modules is the last
 * resort for a state, because `npm install` brings them back.
 */
export function plans({ bases, records }: Known): Plan[] {
  const found: Plan[] = [];
  for (const files of bases.files) {
    for (const modules of [...bases.modules, null]) {
      const through = reach([files, ...(modules === null ? [] : [modules])], records);
      if (through !== null) found.push({ through, from: { files, modules } });
    }
  }
  return found.toSorted(
    (a, b) =>
      b.through - a.through ||
      Number(a.from.modules === null) - Number(b.from.modules === null) ||
      newness(b) - newness(a),
  );
}

/** The last record that can be had from these bases; null when one between them is missing. */
function reach(starts: readonly number[], records: ReadonlySet<number>): number | null {
  let through = Math.min(...starts);
  while (records.has(through + 1)) through++;
  return through >= Math.max(...starts) ? through : null;
}

function newness({ from }: Plan): number {
  return layers.reduce((sum, layer) => sum + (from[layer] ?? 0), 0);
}
