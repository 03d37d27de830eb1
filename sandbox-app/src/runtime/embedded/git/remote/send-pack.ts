import { EGRESS_REQUEST_MAX_BYTES } from "#protocol/egress-frame.ts";
import type { Output } from "../cli/output.ts";
import { type Bytes, concat } from "../objects/bytes.ts";
import { buildPack, PackTooLarge } from "../pack/build-pack.ts";
import { outgoingObjects } from "../pack/outgoing-objects.ts";
import { NO_OBJECT } from "../refs/refs.ts";
import type { Repository } from "../repository/repository.ts";
import type { Advertisement } from "./advertisement.ts";
import type { HttpTransport } from "./http-transport.ts";
import { FLUSH, lineText, pktLine, PktReader } from "./pkt-line.ts";
import { plainText } from "./plain-text.ts";
import { Progress } from "./progress.ts";
import type { PushedRef } from "./push-plan.ts";
import { misbehaved, remoteFailure } from "./reasons.ts";
import { demultiplex } from "./sideband.ts";

export interface SendPack {
  readonly repository: Repository;
  readonly transport: HttpTransport;
  readonly output: Output;
  readonly advertisement: Advertisement;
  readonly changes: readonly PushedRef[];
  readonly isAtomic: boolean;
  readonly isQuiet: boolean;
  readonly showsProgress: boolean;
}

/** What the remote says of each reference: null is yes. */
export type PushReport = ReadonlyMap<string, string | null>;

const AGENT = "agent=git/2.39.5-disco";

/**
 * Sends references and the objects that the remote lacks (gitprotocol-pack(5), "Pushing Data To a
 * Server").
 *
 * @throws GitFailure; what the remote refuses is in the report
 */
export async function sendPack(options: SendPack): Promise<PushReport> {
  const { transport, output, changes } = options;
  const answer = await transport.request("git-receive-pack", await requestOf(options));
  const outer = new PktReader(answer);
  const lines = new PktReader(demultiplex(outer, output));
  const first = await lines.next();
  const unpacked = /^unpack (.*)$/.exec(first ? lineText(first) : "")?.[1];
  if (unpacked === undefined) throw misbehaved("it does not say what became of the push");
  const report = new Map<string, string | null>();
  for (let line = await lines.next(); line; line = await lines.next()) {
    const [, yes, ref = "", why = ""] =
      /^(?:(ok)|ng) (\S+)(?: (.*))?$/.exec(plainText(line).replace(/\n$/, "")) ?? [];
    if (changes.some(({ to }) => to === ref)) report.set(ref, yes === undefined ? why : null);
  }
  for (const { to } of changes) {
    if (unpacked !== "ok") report.set(to, `unpacker error: ${unpacked}`);
    else if (!report.has(to)) report.set(to, "remote failed to report status");
  }
  return report;
}

async function requestOf(options: SendPack): Promise<Bytes> {
  const { advertisement, changes, repository, isAtomic } = options;
  const { capabilities } = advertisement;
  for (const name of ["report-status", "side-band-64k"]) {
    if (!capabilities.has(name)) throw misbehaved(`it cannot tell what became of a push (${name})`);
  }
  const deletes = changes.some(({ after }) => after === NO_OBJECT);
  if (deletes && !capabilities.has("delete-refs"))
    throw remoteFailure("remote_misbehaved", "the remote deletes no references");
  if (isAtomic && !capabilities.has("atomic"))
    throw remoteFailure("remote_misbehaved", "the receiving end does not support --atomic push");
  const words = [
    "report-status",
    "side-band-64k",
    ...(isAtomic ? ["atomic"] : []),
    ...(options.isQuiet && capabilities.has("quiet") ? ["quiet"] : []),
    AGENT,
  ].join(" ");
  const lines = changes.map(({ before, after, to }, at) =>
    pktLine(`${before} ${after} ${to}${at === 0 ? `\0 ${words}` : ""}`),
  );
  const cut = [...repository.shallow].map((oid) => pktLine(`shallow ${oid}`));
  const head = concat([...cut, ...lines, FLUSH]);
  if (changes.every(({ after }) => after === NO_OBJECT)) return head;
  return concat([head, await packOf(options, head.length)]);
}

async function packOf(options: SendPack, before: number): Promise<Bytes> {
  const { repository, changes, advertisement, output } = options;
  const tips = changes.flatMap(({ after }) => (after === NO_OBJECT ? [] : [after]));
  const known: string[] = [];
  for (const { oid, peeled } of advertisement.refs) {
    const commit = peeled ?? oid;
    if (!repository.objects.has(commit)) continue;
    if ((await repository.objects.read(commit)).type === "commit") known.push(commit);
  }
  const oids = await outgoingObjects(repository, tips, known);
  const progress = options.showsProgress ? new Progress(output) : null;
  try {
    return await buildPack(oids, {
      store: repository.objects,
      maxBytes: EGRESS_REQUEST_MAX_BYTES - before,
      ...(progress !== null && { progress: (done, total) => progress.written(done, total) }),
    });
  } catch (error) {
    if (!(error instanceof PackTooLarge)) throw error;
    const limit = EGRESS_REQUEST_MAX_BYTES / 1_048_576;
    throw remoteFailure(
      "too_large",
      `the push has more than ${limit} MiB; push older commits first, as git push origin <commit>:<branch>`,
    );
  }
}
