import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PublishedFiles } from "#test/support/published.ts";
import { type ChangedLines, linesOf, type Transition } from "./transition.ts";

/** Nothing of this machine's settings; git's own defaults, which are what most people have. */
const env = { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };

const NOTHING = /^0+$/;

/** Trees in a git repository, and what lies between them, as the machine's git tells it. */
export class GitTrees {
  readonly #directory: string;
  readonly #isOwn: boolean;

  private constructor(directory: string, isOwn: boolean) {
    this.#directory = directory;
    this.#isOwn = isOwn;
  }

  /** An empty repository that goes away with `dispose`. */
  static async make(): Promise<GitTrees> {
    const trees = new GitTrees(await mkdtemp(path.join(tmpdir(), "trees-")), true);
    await trees.#git(["init", "-q", "--bare"]);
    return trees;
  }

  static at(directory: string): GitTrees {
    return new GitTrees(directory, false);
  }

  async dispose(): Promise<void> {
    if (this.#isOwn) await rm(this.#directory, { recursive: true, force: true });
  }

  /** @param mark names the tree from now on: `refs/heads/…` */
  async add(mark: string, files: PublishedFiles): Promise<void> {
    const parts: (string | Uint8Array)[] = [
      `commit ${mark}\ncommitter A <a@example.com> 0 +0000\ndata 0\ndeleteall\n`,
    ];
    for (const [name, content] of files) {
      parts.push(
        `M 100644 inline ${JSON.stringify(name)}\ndata ${content.length}\n`,
        content,
        "\n",
      );
    }
    const input = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
    await this.#git(["fast-import", "--quiet", "--date-format=raw"], input);
  }

  /** Commits with one parent, the latest first; none where the clone has only the last. */
  async commits(count: number): Promise<readonly string[]> {
    const listed = await this.#git([
      "rev-list",
      "--no-merges",
      "--min-parents=1",
      `--max-count=${count}`,
      "HEAD",
    ]);
    return listed.toString().split("\n").filter(Boolean);
  }

  async transition(name: string, from: string, to: string): Promise<Transition> {
    const diff = async (...args: readonly string[]): Promise<string> => {
      const all = ["diff", "-M", "--no-color", "--no-ext-diff", ...args, from, to];
      return (await this.#git(all)).toString();
    };
    const raw = (await diff("--raw", "-z", "--no-abbrev")).split("\0");
    const [close, sections] = [await diff("-U0"), await diff()].map(sectionsOf);
    const rows = rowsOf(raw);
    const blobs = await this.#blobs(rows.flatMap(({ blobs: ids }) => ids));
    const changes = rows.map(({ from: old, to: now, blobs: [oldId, nowId] }, index) => {
      const [before, after] = [blobs.get(oldId) ?? null, blobs.get(nowId) ?? null];
      const isText = isTextOrNone(before) && isTextOrNone(after);
      const [was, is] = [textOf(before), textOf(after)];
      const changed = was === null || is === null ? [] : changedLines(close![index]!, was, is);
      const section = sections![index]!;
      return { from: old, to: now, before: was, after: is, isText, changed, section };
    });
    return { name, changes, diff };
  }

  async #blobs(ids: readonly string[]): Promise<Map<string, Buffer>> {
    const wanted = [...new Set(ids)].filter((id) => !NOTHING.test(id));
    const listed = await this.#git(["cat-file", "--batch"], `${wanted.join("\n")}\n`);
    const blobs = new Map<string, Buffer>();
    let at = 0;
    for (const id of wanted) {
      const end = listed.indexOf(0x0a, at);
      const size = Number(listed.subarray(at, end).toString().split(" ")[2]);
      blobs.set(id, listed.subarray(end + 1, end + 1 + size));
      at = end + 1 + size + 1;
    }
    return blobs;
  }

  #git(args: readonly string[], input: string | Buffer = ""): Promise<Buffer> {
    const child = spawn("git", args, { cwd: this.#directory, env });
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new Error(`git ${args[0]} ended with ${code}: ${Buffer.concat(err).toString()}`));
    });
    // Who reads no input may be gone before it is closed.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    return promise;
  }
}

interface Row {
  readonly from: string | null;
  readonly to: string | null;
  readonly blobs: readonly [old: string, now: string];
}

/** git-diff, "Raw output format", with -z. */
function rowsOf(fields: readonly string[]): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at + 1 < fields.length;) {
    const [, , old = "", now = "", status = ""] = (fields[at] ?? "").split(" ");
    const isMove = status.startsWith("R");
    const first = fields[at + 1] ?? "";
    const second = isMove ? (fields[at + 2] ?? "") : first;
    at += isMove ? 3 : 2;
    rows.push({
      from: status === "A" ? null : first,
      to: status === "D" ? null : second,
      blobs: [old, now],
    });
  }
  return rows;
}

/** No line of a file's content can begin a section: each has a sign before it. */
function sectionsOf(diff: string): string[] {
  return diff.split(/^(?=diff --git )/m).filter((section) => section !== "");
}

function changedLines(section: string, before: string, after: string): ChangedLines[] {
  const [was, is] = [linesOf(before), linesOf(after)];
  const headers = section.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm);
  return [...headers].map(([, oldStart, oldCount = "1", nowStart, nowCount = "1"]) => {
    // Of no lines, git tells the line before.
    const at = Number(oldStart) - (oldCount === "0" ? 0 : 1);
    const nowAt = Number(nowStart) - (nowCount === "0" ? 0 : 1);
    return {
      at,
      old: was.slice(at, at + Number(oldCount)),
      now: is.slice(nowAt, nowAt + Number(nowCount)),
    };
  });
}

function isTextOrNone(bytes: Buffer | null): boolean {
  return bytes === null || textOf(bytes) !== null;
}

function textOf(bytes: Buffer | null): string | null {
  if (bytes === null || bytes.subarray(0, 8_000).includes(0)) return null;
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : null;
}
