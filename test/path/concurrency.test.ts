import fs from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { McpCaller } from "#scripts/disco/mcp-caller.ts";
import { hashOf } from "#test/support/file-calls.ts";
import { TabRig } from "#test/support/tab-rig.ts";

/*
 * Several clients in one container, through the worker and the whole tab. The runtime here writes a file
 * in steps, as no lock of its own would hide: what reads see whole is the work of the operations.
 */

const READERS = 16;
const VERSIONS = 12;
/** More than fits into one write of the machine's, and less than `read_file` returns at once. */
const LINES = 390;

let rig: TabRig;
let root: string;
let client: McpCaller;
let other: McpCaller;

beforeAll(async () => {
  rig = await TabRig.start();
});
beforeEach(async () => {
  ({ root } = (await rig.readyTab()).runtime);
  [client, other] = (await Promise.all(
    ["one client", "another client"].map((name) => McpCaller.connect(rig.endpoint, name)),
  )) as [McpCaller, McpCaller];
});
afterEach(async () => {
  await Promise.all([client.close(), other.close()]);
  await rig.closeTabs();
});
afterAll(() => rig.close());

/** A text that shows when a part of it is of another version. */
const textOf = (version: number): string => `version ${version} of this file\n`.repeat(LINES);

/** @returns the version, or what is wrong with the text */
function versionIn(text: string): number {
  const version = Number(/^version (\d+) /.exec(text)?.[1]);
  if (text !== textOf(version)) throw new Error(`torn: ${JSON.stringify(text.slice(0, 200))}`);
  return version;
}

const put = (name: string, version: number) => fs.writeFile(path.join(root, name), textOf(version));

async function readByRest(name: string): Promise<string> {
  const query = `path=${encodeURIComponent(name)}`;
  const { status, body } = await rig.api("GET", `/files/${rig.container}/content?${query}`);
  expect(status).toBe(200);
  return String(body["text"]);
}

async function readByMcp(name: string): Promise<string> {
  return (await other.call("read_file", { path: name })).text ?? "";
}

/** Reads on and on while something is written; no reader sees an older version than before. */
async function readWhile(
  writing: Promise<void>,
  readers: readonly (() => Promise<number>)[],
): Promise<number> {
  const count = { isOver: false, reads: 0 };
  const following = readers.map(async (read) => {
    for (let seen = 0; !count.isOver; count.reads += 1) {
      const version = await read();
      expect(version).toBeGreaterThanOrEqual(seen);
      seen = version;
    }
  });
  await Promise.all([writing.finally(() => (count.isOver = true)), ...following]);
  return count.reads;
}

type Write = (version: number) => Promise<unknown>;

const writers: readonly (readonly [by: string, write: Write])[] = [
  ["write_file", (version) => client.call("write_file", { path: "f", content: textOf(version) })],
  [
    "edit_file",
    (version) =>
      client.call("edit_file", {
        path: "f",
        edits: [
          {
            old_text: `version ${version - 1} `,
            new_text: `version ${version} `,
            replace_all: true,
          },
        ],
      }),
  ],
  ["apply_patch", (version) => client.call("apply_patch", { patch: rewriting("f", version) })],
  [
    "a command that moves a file into its place",
    (version) => {
      const make = `yes 'version ${version} of this file' | head -n ${LINES} > .next`;
      return client.call("run_command", { command: `${make} && mv .next f` });
    },
  ],
];

function rewriting(name: string, version: number): string {
  const lines = (sign: string, text: string) => text.replace(/^(?=.)/gm, sign);
  const change = lines("-", textOf(version - 1)) + lines("+", textOf(version));
  return `--- a/${name}\n+++ b/${name}\n@@ -1,${LINES} +1,${LINES} @@\n${change}`;
}

describe(`${READERS} readers, of two clients and both faces, and a writer`, () => {
  it.each(writers)("see whole versions of %s only, in their order", async (_by, write) => {
    await put("f", 0);
    const writing = async (): Promise<void> => {
      for (let version = 1; version <= VERSIONS; version += 1) await write(version);
    };
    const readers = Array.from({ length: READERS }, (_, index) => {
      const read = index % 2 === 0 ? readByRest : readByMcp;
      return async () => versionIn(await read("f"));
    });
    expect(await readWhile(writing(), readers)).toBeGreaterThan(VERSIONS);
    expect(versionIn(await readByRest("f"))).toBe(VERSIONS);
  });

  it("see all files of a patch, or none", async () => {
    const names = ["a", "b", "c"];
    // Three of them share the room of one answer.
    const small = (version: number): string => `version ${version}\n`;
    for (const name of names) await fs.writeFile(path.join(root, name), small(0));
    const writing = async (): Promise<void> => {
      for (let version = 1; version <= VERSIONS; version += 1) {
        const parts = names.map(
          (name) => `*** Update File: ${name}\n@@\n-${small(version - 1)}+${small(version)}`,
        );
        const patch = `*** Begin Patch\n${parts.join("")}*** End Patch`;
        await client.call("apply_patch", { patch });
      }
    };
    const readers = Array.from({ length: READERS }, (_, index) => async () => {
      const paths = index % 2 === 0 ? names : names.toReversed();
      const { files } = await other.call("read_file", { paths });
      const versions = new Set(files?.map(({ text, error }) => text ?? error));
      expect([...versions]).toHaveLength(1);
      return Number(/\d+/.exec([...versions][0] ?? "")?.[0]);
    });
    expect(await readWhile(writing(), readers)).toBeGreaterThan(VERSIONS);
  });
});

describe("of several writers that have read the same", () => {
  const ROUNDS = 6;
  const WRITERS = 12;

  /** @returns the version of the one that has won; the others were told why they have not */
  async function race(
    write: (version: number) => Promise<unknown>,
    isRefusal: RegExp,
  ): Promise<number> {
    const versions = Array.from({ length: WRITERS }, (_, index) => index + 1);
    const ends = await Promise.allSettled(versions.map(write));
    const won = versions.filter((_, index) => ends[index]?.status === "fulfilled");
    for (const end of ends) {
      if (end.status === "rejected") expect(String(end.reason)).toMatch(isRefusal);
    }
    expect(won).toHaveLength(1);
    return won[0] ?? 0;
  }

  async function postOrThrow(method: string, route: string, body: object): Promise<void> {
    const answer = await rig.api(method, route, body);
    if (answer.status !== 200) throw new Error(String(answer.body["code"]));
  }

  it("exactly one writes, whichever tool and face it takes", async () => {
    const expected_hash = hashOf(textOf(0));
    for (let round = 0; round < ROUNDS; round += 1) {
      await put("f", 0);
      const won = await race((version) => {
        const content = textOf(version);
        const edits = [{ old_text: textOf(0), new_text: content }];
        switch (version % 4) {
          case 0:
            return client.call("write_file", { path: "f", content, expected_hash });
          case 1:
            return other.call("edit_file", { path: "f", edits, expected_hash });
          case 2:
            return postOrThrow("POST", `/files/${rig.container}/edit`, {
              path: "f",
              edits,
              expected_hash,
            });
          default:
            return postOrThrow("PUT", `/files/${rig.container}`, {
              path: "f",
              content,
              expected_hash,
            });
        }
      }, /hash_mismatch/);
      expect(versionIn(await readByMcp("f"))).toBe(won);
    }
  });

  it("exactly one makes a file that must be new", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = `new-${round}`;
      const won = await race((version) => {
        const caller = version % 2 === 0 ? client : other;
        const content = textOf(version);
        return caller.call("write_file", { path: name, content, mode: "create" });
      }, /already_exists/);
      expect(versionIn(await readByRest(name))).toBe(won);
    }
  });
});
