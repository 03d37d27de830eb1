import type { Output } from "../cli/output.ts";
import { ancestorsOf } from "../history/merge-base.ts";
import { type Bytes, concat } from "../objects/bytes.ts";
import type { Repository } from "../repository/repository.ts";
import { PACK_MAX_BYTES } from "../pack/limits.ts";
import type { Advertisement } from "./advertisement.ts";
import type { HttpTransport } from "./http-transport.ts";
import { FLUSH, lineText, pktLine, PktReader } from "./pkt-line.ts";
import { plainText } from "./plain-text.ts";
import { Progress } from "./progress.ts";
import { misbehaved, remoteFailure } from "./reasons.ts";
import { demultiplex } from "./sideband.ts";
import { storePack } from "./store-pack.ts";

export interface FetchPack {
  readonly repository: Repository;
  readonly transport: HttpTransport;
  readonly output: Output;
  readonly advertisement: Advertisement;
  /** Objects to get, with all that they need. */
  readonly wants: readonly string[];
  /** Commits that history is to have, counted from each want; null: as it is now. */
  readonly depth: number | null;
  readonly showsProgress: boolean;
}

/** As many commits as a remote is told of: those it shares with a clone are among the first. */
const HAVES_MAX = 1_024;

const AGENT = "agent=git/2.39.5-disco";

/**
 * Gets objects from a remote (gitprotocol-pack(5), "Packfile Negotiation"), in one exchange: the commits
 * that are here are told at once, and whatever the remote shares of them is left out.
 *
 * @throws GitFailure, with the repository as it was
 */
export async function fetchPack(options: FetchPack): Promise<void> {
  const { transport, repository, output, depth } = options;
  const lines = new PktReader(await transport.request("git-upload-pack", await requestOf(options)));
  const cut = await readShallow(lines, depth !== null);
  await readShared(lines);
  const progress = options.showsProgress ? new Progress(output) : null;
  const pack = await collect(demultiplex(lines, output), progress);
  const shallow = shallowAfter(repository, options.advertisement, cut);
  await storePack({ repository, pack, wants: options.wants, shallow, progress });
}

async function requestOf(options: FetchPack): Promise<Bytes> {
  const { advertisement, wants, depth, repository, showsProgress } = options;
  const { capabilities } = advertisement;
  if (!capabilities.has("side-band-64k")) throw misbehaved("it does not tell words from data");
  const asked = ["side-band-64k", "thin-pack", "ofs-delta", "include-tag"].filter((name) =>
    capabilities.has(name),
  );
  const quiet = !showsProgress && capabilities.has("no-progress") ? ["no-progress"] : [];
  const words = [...asked, ...quiet, AGENT].join(" ");
  const cut = [...repository.shallow];
  if ((depth !== null || cut.length > 0) && !capabilities.has("shallow"))
    throw remoteFailure("remote_misbehaved", "the remote knows no shallow history");
  return concat([
    ...[...new Set(wants)].map((oid, at) => pktLine(`want ${oid}${at === 0 ? ` ${words}` : ""}\n`)),
    ...cut.map((oid) => pktLine(`shallow ${oid}\n`)),
    ...(depth === null ? [] : [pktLine(`deepen ${depth}\n`)]),
    FLUSH,
    ...(await havesOf(repository)).map((oid) => pktLine(`have ${oid}\n`)),
    pktLine("done\n"),
  ]);
}

/** What is here, the tips first, since a remote most likely knows those it has told of. */
async function havesOf(repository: Repository): Promise<string[]> {
  const refs = [...repository.refs.list("refs/remotes/"), ...repository.refs.list("refs/")];
  const tips: string[] = [];
  for (const { oid } of refs) {
    if (repository.objects.has(oid) && (await repository.objects.read(oid)).type === "commit")
      tips.push(oid);
  }
  const older = await ancestorsOf(repository, [...new Set(tips)].toReversed(), HAVES_MAX);
  return [...new Set([...tips, ...older])].slice(0, HAVES_MAX);
}

/** What the remote shares of that, which is one line, or one for each commit that it knows. */
async function readShared(lines: PktReader): Promise<void> {
  for (let count = 0; ; count += 1) {
    const line = await lines.next();
    if (!line) throw misbehaved("it does not say what is shared");
    const said = lineText(line);
    if (said.startsWith("ERR "))
      throw remoteFailure("remote_misbehaved", `remote error: ${plainText(line).slice(4).trim()}`);
    if (said === "NAK" || said.startsWith("ACK ")) continue;
    if (count === 0) throw misbehaved("it does not say what is shared");
    return lines.unread(line);
  }
}

interface Cut {
  readonly shallow: readonly string[];
  readonly unshallow: readonly string[];
}

/** Where the remote cuts history off, which it says when it was asked for a depth. */
async function readShallow(lines: PktReader, isAsked: boolean): Promise<Cut> {
  const cut = { shallow: [] as string[], unshallow: [] as string[] };
  if (!isAsked) return cut;
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    const [, kind, oid] =
      /^(shallow|unshallow) ([0-9a-f]{40})$/.exec(line === undefined ? "" : lineText(line)) ?? [];
    if (kind === undefined || oid === undefined)
      throw misbehaved("it does not say where history is cut off");
    cut[kind as keyof Cut].push(oid);
  }
  return cut;
}

function shallowAfter(repository: Repository, { shallow }: Advertisement, cut: Cut): Set<string> {
  const after = new Set([...repository.shallow, ...shallow, ...cut.shallow]);
  for (const oid of cut.unshallow) after.delete(oid);
  return after;
}

async function collect(
  stream: AsyncIterable<Uint8Array>,
  progress: Progress | null,
): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > PACK_MAX_BYTES)
      throw remoteFailure(
        "too_large",
        `the remote sends more than ${PACK_MAX_BYTES / 1_048_576} MiB; try --depth 1`,
      );
    parts.push(part.slice());
    progress?.received(size);
  }
  return concat(parts);
}
