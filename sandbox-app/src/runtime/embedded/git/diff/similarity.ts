import { isBinary } from "../objects/bytes.ts";

/** A score of two equal files. */
export const SCORE_MAX = 60_000;
/** Longest piece that is compared as a whole. */
const PIECE_MAX = 64;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Pieces of a file with how many bytes of each there are. */
type Pieces = Map<string, number>;

function piecesOf(bytes: Uint8Array): Pieces {
  const isText = !isBinary(bytes);
  const pieces: Pieces = new Map();
  let piece = "";
  const end = (): void => {
    if (piece !== "") pieces.set(piece, (pieces.get(piece) ?? 0) + piece.length);
    piece = "";
  };
  bytes.forEach((byte, at) => {
    if (isText && byte === RETURN && bytes[at + 1] === NEWLINE) return;
    piece += String.fromCharCode(byte);
    if (piece.length >= PIECE_MAX || byte === NEWLINE) end();
  });
  end();
  return pieces;
}

/** How much of one file is in another: bytes of equal pieces against the larger size (diffcore-rename). */
export class Similarity {
  readonly #pieces = new Map<string, Pieces>();

  score(source: Sized, target: Sized, least: number): number {
    const larger = Math.max(source.bytes.length, target.bytes.length);
    const smaller = Math.min(source.bytes.length, target.bytes.length);
    if (larger * (SCORE_MAX - least) < (larger - smaller) * SCORE_MAX) return 0;
    if (smaller === 0) return 0;
    const [from, to] = [this.#of(source), this.#of(target)];
    let copied = 0;
    for (const [piece, size] of from) copied += Math.min(size, to.get(piece) ?? 0);
    return Math.floor((copied * SCORE_MAX) / larger);
  }

  #of({ oid, bytes }: Sized): Pieces {
    const pieces = this.#pieces.get(oid) ?? piecesOf(bytes);
    this.#pieces.set(oid, pieces);
    return pieces;
  }
}

export interface Sized {
  readonly oid: string;
  readonly bytes: Uint8Array;
}
