/** Entries shown at once; whoever sees more types another letter. */
export const RESULTS_MAX = 50;

export interface Match<Entry> {
  readonly entry: Entry;
  /** Offsets in the title that the query matched, for emphasis. */
  readonly hits: readonly number[];
}

const WORD_START = 12;
const IN_SEQUENCE = 6;
const PLAIN = 1;
/** Per character between hits; small, so that a long title is not hopeless. */
const GAP = 0.2;

/**
 * Entries whose title has the query's characters in order, best first: word starts and runs count
 * most. Entries of equal worth keep their order. An empty query keeps all.
 */
export function ranked<Entry extends { readonly title: string }>(
  entries: readonly Entry[],
  query: string,
): readonly Match<Entry>[] {
  const wanted = query.toLowerCase().replace(/\s+/g, "");
  if (wanted === "") return entries.slice(0, RESULTS_MAX).map((entry) => ({ entry, hits: [] }));
  return entries
    .map((entry) => ({ entry, found: score(entry.title, wanted) }))
    .filter(({ found }) => found !== null)
    .map(({ entry, found }) => ({ entry, points: found?.points ?? 0, hits: found?.hits ?? [] }))
    .toSorted((a, b) => b.points - a.points)
    .slice(0, RESULTS_MAX)
    .map(({ entry, hits }) => ({ entry, hits }));
}

/** Title in pieces, the matched ones marked. */
export function pieces(
  title: string,
  hits: readonly number[],
): readonly { readonly text: string; readonly hit: boolean }[] {
  const marked = new Set(hits);
  const result: { text: string; hit: boolean }[] = [];
  for (let index = 0; index < title.length; index += 1) {
    const hit = marked.has(index);
    const last = result.at(-1);
    if (last?.hit === hit) last.text += title[index];
    else result.push({ text: title[index] ?? "", hit });
  }
  return result;
}

/** The better of two greedy readings: at word starts first, or simply the first place. */
function score(title: string, wanted: string) {
  const atWords = read(title, wanted, true);
  const anywhere = read(title, wanted, false);
  if (atWords === null || anywhere === null) return atWords ?? anywhere;
  return atWords.points >= anywhere.points ? atWords : anywhere;
}

function read(title: string, wanted: string, preferWords: boolean) {
  const lower = title.toLowerCase();
  const hits: number[] = [];
  let points = 0;
  for (const character of wanted) {
    const from = (hits.at(-1) ?? -1) + 1;
    const plain = lower.indexOf(character, from);
    if (plain === -1) return null;
    const adjacent = hits.length > 0 && plain === from;
    const word = preferWords && !adjacent ? wordStart(title, lower, character, from) : -1;
    const at = word === -1 ? plain : word;
    points += startsWord(title, at) ? WORD_START : at === from ? IN_SEQUENCE : PLAIN;
    if (hits.length > 0) points -= GAP * (at - from);
    hits.push(at);
  }
  return { points: points - GAP * (hits[0] ?? 0), hits };
}

function wordStart(title: string, lower: string, character: string, from: number): number {
  for (let at = lower.indexOf(character, from); at !== -1; at = lower.indexOf(character, at + 1)) {
    if (startsWord(title, at)) return at;
  }
  return -1;
}

function startsWord(title: string, at: number): boolean {
  return at === 0 || /[\s/._:-]/.test(title[at - 1] ?? "");
}
