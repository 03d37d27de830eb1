import type { Bytes } from "../objects/bytes.ts";
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
  const isGit = first && lineText(first) === `# service=${service}`;
  if (!isGit || (await lines.next()) !== null) throw misbehaved("it does not begin as git does");
  const read = new AdvertisedLines();
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    if (line === undefined) throw misbehaved("its list of references is cut off");
    read.add(line);
  }
  return read.result;
}

class AdvertisedLines {
  readonly #refs: RemoteRef[] = [];
  readonly #shallow: string[] = [];
  #capabilities: ReadonlySet<string> | null = null;
  #head: string | null = null;

  get result(): Advertisement {
    const capabilities = this.#capabilities ?? new Set();
    const headBranch = symref(capabilities);
    const [refs, head, shallow] = [this.#refs, this.#head, this.#shallow];
    return { refs, head, headBranch, shallow, capabilities };
  }

  /** @throws GitFailure */
  add(line: Bytes): void {
    const text = lineText(line);
    if (text.startsWith("ERR "))
      throw remoteFailure("remote_misbehaved", `remote error: ${plainText(line).slice(4).trim()}`);
    const [said = "", listed = ""] = text.split("\0");
    this.#capabilities ??= new Set(listed.split(" ").filter((word) => word !== ""));
    const cut = /^shallow ([0-9a-f]{40})$/.exec(said)?.[1];
    if (cut !== undefined) this.#shallow.push(cut);
    const [, oid, name, isPeeled] = LINE.exec(said) ?? [];
    if (oid === undefined || name === undefined) return;
    if (isPeeled !== undefined) this.#peel(name, oid);
    else this.#take(name, oid);
    if (this.#refs.length > REFS_MAX) throw misbehaved("it has too many references");
  }

  #take(name: string, oid: string): void {
    if (name === "HEAD") this.#head = oid;
    else if (/^refs\/./.test(name) && isRefName(name)) this.#refs.push({ name, oid, peeled: null });
  }

  #peel(name: string, oid: string): void {
    const last = this.#refs.at(-1);
    if (last?.name === name) this.#refs[this.#refs.length - 1] = { ...last, peeled: oid };
  }
}

function symref(capabilities: ReadonlySet<string>): string | null {
  for (const one of capabilities) {
    const branch = /^symref=HEAD:(refs\/heads\/.+)$/.exec(one)?.[1];
    if (branch !== undefined && isRefName(branch)) return branch;
  }
  return null;
}
