import { isRefName } from "../refs/refs.ts";
import { lineText, type PktReader } from "./pkt-line.ts";
import { plainText } from "./plain-text.ts";
import { misbehaved, remoteFailure } from "./reasons.ts";

export interface RemoteRef {
  readonly name: string;
  readonly oid: string;
  /** Of a tag with a message: what it stands for. */
  readonly peeled: string | null;
}

/** What a remote says it has. */
export interface Advertisement {
  /** In its order; HEAD is not among them. */
  readonly refs: readonly RemoteRef[];
  readonly head: string | null;
  /** Full name of the branch that HEAD is on. */
  readonly headBranch: string | null;
  readonly capabilities: ReadonlySet<string>;
  /** Where its own history is cut off. */
  readonly shallow: readonly string[];
}

/** References that a remote may have; the largest have some hundred thousand. */
const REFS_MAX = 500_000;

const LINE = /^([0-9a-f]{40}) (\S+?)(\^\{\})?$/;

/**
 * Reads what a service says at first (gitprotocol-http(5), "Smart Server Response"). Names that no
 * reference may have are left out, as git does: nothing of them is ever written.
 *
 * @throws GitFailure
 */
export async function readAdvertisement(lines: PktReader, service: string): Promise<Advertisement> {
  const first = await lines.next();
  if (!first || lineText(first) !== `# service=${service}`)
    throw misbehaved("it does not begin as git does");
  if ((await lines.next()) !== null) throw misbehaved("it does not begin as git does");
  const refs: RemoteRef[] = [];
  const shallow: string[] = [];
  let capabilities: ReadonlySet<string> | null = null;
  let head: string | null = null;
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    if (line === undefined) throw misbehaved("its list of references is cut off");
    const text = lineText(line);
    if (text.startsWith("ERR "))
      throw remoteFailure("remote_misbehaved", `remote error: ${plainText(line).slice(4).trim()}`);
    const [said = "", listed] = text.split("\0");
    capabilities ??= new Set((listed ?? "").split(" ").filter((word) => word !== ""));
    const cut = /^shallow ([0-9a-f]{40})$/.exec(said)?.[1];
    if (cut !== undefined) shallow.push(cut);
    const [, oid, name, isPeeled] = LINE.exec(said) ?? [];
    if (oid === undefined || name === undefined) continue;
    if (name === "HEAD") head = oid;
    const last = refs.at(-1);
    if (isPeeled !== undefined) {
      if (last?.name === name) refs[refs.length - 1] = { ...last, peeled: oid };
    } else if (/^refs\/./.test(name) && isRefName(name)) refs.push({ name, oid, peeled: null });
    if (refs.length > REFS_MAX) throw misbehaved("it has too many references");
  }
  return {
    refs,
    head,
    shallow,
    headBranch: symref(capabilities),
    capabilities: capabilities ?? new Set(),
  };
}

function symref(capabilities: ReadonlySet<string> | null): string | null {
  for (const one of capabilities ?? []) {
    const branch = /^symref=HEAD:(refs\/heads\/.+)$/.exec(one)?.[1];
    if (branch !== undefined && isRefName(branch)) return branch;
  }
  return null;
}
