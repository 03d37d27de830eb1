/** How many lines of a file were added and removed; null for binary files. */
export interface FileStat {
  /** As it is shown. */
  readonly name: string;
  readonly path: string;
  /** What it was called before; null when it was not renamed. */
  readonly from: string | null;
  readonly added: number;
  readonly removed: number;
  /** Sizes of a binary file before and after. */
  readonly binary: readonly [number, number] | null;
}

const WIDTH = 80;

/** The table of `--stat`, 80 columns wide. */
export function formatStat(stats: readonly FileStat[]): string {
  const most = Math.max(0, ...stats.map(({ added, removed }) => added + removed));
  const binaryWidth = Math.max(
    0,
    ...stats.map(({ binary }) =>
      binary === null ? 0 : 14 + String(binary[0]).length + String(binary[1]).length,
    ),
  );
  let numberWidth = String(most).length;
  if (binaryWidth > 0 && numberWidth < 3) numberWidth = 3;
  let nameWidth = Math.max(0, ...stats.map(({ name }) => name.length));
  let graphWidth = binaryWidth === 0 ? most : Math.max(most, binaryWidth - 4);
  const width = Math.max(WIDTH, 16 + 6 + numberWidth);
  if (nameWidth + numberWidth + 6 + graphWidth > width) {
    if (graphWidth > Math.floor((width * 3) / 8) - numberWidth - 6) {
      graphWidth = Math.max(6, Math.floor((width * 3) / 8) - numberWidth - 6);
    }
    if (nameWidth > width - numberWidth - 6 - graphWidth) {
      nameWidth = width - numberWidth - 6 - graphWidth;
    } else {
      graphWidth = width - numberWidth - 6 - nameWidth;
    }
  }
  const rows = stats.map((stat) => {
    const name = shortened(stat.name, nameWidth);
    if (stat.binary !== null)
      return ` ${name} | ${"Bin".padStart(numberWidth)} ${stat.binary[0]} -> ${stat.binary[1]} bytes\n`;
    return ` ${name} | ${row(stat, most, numberWidth, graphWidth)}\n`;
  });
  return `${rows.join("")}${formatShortStat(stats)}`;
}

function shortened(name: string, width: number): string {
  if (name.length <= width) return name.padEnd(width);
  const tail = name.slice(name.length - Math.max(0, width - 3));
  const slash = tail.indexOf("/");
  return `...${slash === -1 ? tail : tail.slice(slash)}`.padEnd(width);
}

function row(stat: FileStat, most: number, numberWidth: number, graphWidth: number): string {
  let { added, removed } = stat;
  const total = added + removed;
  if (graphWidth <= most && most > 0) {
    const scale = (count: number): number =>
      count === 0 ? 0 : 1 + Math.floor((count * (graphWidth - 1)) / most);
    let scaled = scale(total);
    if (scaled < 2 && added > 0 && removed > 0) scaled = 2;
    if (added < removed) {
      added = scale(added);
      removed = scaled - added;
    } else {
      removed = scale(removed);
      added = scaled - removed;
    }
  }
  const graph = `${"+".repeat(added)}${"-".repeat(removed)}`;
  return `${String(total).padStart(numberWidth)}${graph === "" ? "" : ` ${graph}`}`;
}

/** ` 2 files changed, 3 insertions(+), 1 deletion(-)` */
export function formatShortStat(stats: readonly FileStat[]): string {
  if (stats.length === 0) return "";
  const added = stats.reduce((sum, stat) => sum + stat.added, 0);
  const removed = stats.reduce((sum, stat) => sum + stat.removed, 0);
  const parts = [`${stats.length} file${stats.length === 1 ? "" : "s"} changed`];
  if (added > 0 || removed === 0) parts.push(`${added} insertion${added === 1 ? "" : "s"}(+)`);
  if (removed > 0 || added === 0) parts.push(`${removed} deletion${removed === 1 ? "" : "s"}(-)`);
  return ` ${parts.join(", ")}\n`;
}
