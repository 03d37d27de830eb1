import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "#test/support/git-pair.ts";
import { GitRig } from "#test/support/git-rig.ts";
import {
  advertised,
  blob,
  commit,
  entry,
  hostile,
  namedDelta,
  oidOf,
  packOf,
  type RawObject,
  sent,
  tree,
} from "#test/support/hostile-remote.ts";

let rig: GitRig;
beforeAll(async () => {
  rig = await GitRig.start();
  await rig.server.createWithCommit("good.git");
  await rig.allowServer();
  await rig.ours(["clone", "-q", rig.server.url("good.git"), "good"]);
  await rig.ours(["remote", "set-url", "origin", rig.server.url("evil.git")], "good");
});
afterAll(() => rig.close());

const file = blob("hello\n");
const goodTree = tree(["100644", "a.txt", oidOf(file)]);
const good = commit(oidOf(goodTree));
const complete = [good, goodTree, file];

/** A commit with one file under a name. */
function named(name: string, mode = "100644"): RawObject[] {
  const inner = tree([mode, name, oidOf(mode === "40000" ? goodTree : file)]);
  return [commit(oidOf(inner)), inner, goodTree, file];
}

const pack = (objects: readonly RawObject[]): Buffer => packOf(objects.map((one) => entry(one)));

/** Everything below a directory, with contents. */
function snapshot(path: string): string[] {
  const { files } = rig.kernel;
  const found: string[] = [];
  for (const { name, type } of files.list(path)) {
    const place = `${path}/${name}`;
    if (name === "FETCH_HEAD") continue;
    if (type === "directory") found.push(place, ...snapshot(place));
    else found.push(`${place} ${Buffer.from(files.read(place)).toString("base64")}`);
  }
  return found;
}

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
const delta = (...bytes: number[]): Buffer => Buffer.from(bytes);

const attacks: Readonly<Record<string, readonly [tip: RawObject, pack: Buffer, words: RegExp]>> = {
  "a wrong checksum": [good, flipped(pack(complete), 40), /checksum is wrong/],
  "no pack": [good, Buffer.from("<html>hello</html> and more of it, forever"), /as a pack does/],
  "a pack of an unknown version": [good, packOf([], 0, 9), /version/],
  "another object than was asked for": [commit(oidOf(file)), pack(complete), /is missing/],
  "a commit without its tree": [good, pack([good]), /is missing/],
  "a tree without its file": [good, pack([good, goodTree]), /is missing/],
  "a commit without its parent": [
    commit(oidOf(goodTree), oidOf(blob("x"))),
    pack([commit(oidOf(goodTree), oidOf(blob("x"))), goodTree, file]),
    /is missing/,
  ],
  "something behind the last object": [
    good,
    packOf([...complete.map((one) => entry(one)), Buffer.from("more")], 3),
    /behind its last object/,
  ],
  "fewer objects than it says": [
    good,
    packOf(
      complete.map((one) => entry(one)),
      9,
    ),
    /cut off|type/,
  ],
  "billions of objects": [
    good,
    packOf(
      complete.map((one) => entry(one)),
      4e9,
    ),
    /too many objects/,
  ],
  "an object twice": [good, pack([...complete, file]), /twice/],
  "a bomb": [good, packOf([entry(blob("\0".repeat(5_000_000)), 10)]), /longer than it says/],
  "an object of an impossible size": [good, packOf([entry(file, 2 ** 40)]), /too large/],
  "a delta of nothing": [good, packOf([namedDelta("1".repeat(40), delta(6, 6))]), /base/],
  "a delta that copies what is not there": [
    good,
    packOf([entry(file), namedDelta(oidOf(file), delta(6, 6, 0x91, 200, 6))]),
    /copies what is not there/,
  ],
  "a delta that makes gigabytes": [
    good,
    packOf([entry(file), namedDelta(oidOf(file), delta(6, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x90, 6))]),
    /too large/,
  ],
  "a delta with another base": [
    good,
    packOf([entry(file), namedDelta(oidOf(file), delta(7, 7))]),
    /another base/,
  ],
  "a tree that is none": [
    commit(oidOf({ type: "tree", content: Buffer.from("100644 name without an end") })),
    pack([
      commit(oidOf({ type: "tree", content: Buffer.from("100644 name without an end") })),
      { type: "tree", content: Buffer.from("100644 name without an end") },
    ]),
    /damaged/,
  ],
  "a commit that is none": [
    { type: "commit", content: Buffer.from("nothing") },
    pack([{ type: "commit", content: Buffer.from("nothing") }]),
    /damaged/,
  ],
  ...Object.fromEntries(
    [".git", ".GIT", ".git ", "git~1", "..", ".", "", "a/b", ".g\u200cit"].map((name) => {
      const objects = named(name, name === ".git" ? "40000" : "100644");
      return [`a file named ${JSON.stringify(name)}`, [objects[0]!, pack(objects), /path|slash/]];
    }),
  ),
};

describe("a remote that sends", () => {
  it.each(Object.keys(attacks))("%s is not trusted, and nothing is kept", async (name) => {
    const [tip, bytes, words] = attacks[name]!;
    const refs: [string, string][] = [
      ["HEAD", oidOf(tip)],
      ["refs/heads/main", oidOf(tip)],
    ];
    rig.server.intercept = hostile(refs, sent([1, bytes]));
    const before = snapshot(ROOT);
    const cloned = await rig.ours(["clone", rig.server.url("evil.git"), "evil"]);
    expect(cloned.code).toBe(128);
    expect(cloned.stderr).toMatch(words);
    expect(cloned.stderr).toMatch(/\ndisco: reason=remote_misbehaved\n$/);
    expect((await rig.ours(["fetch"], "good")).code).toBe(128);
    expect(snapshot(ROOT)).toEqual(before);
  });

  it("the same without the lie is trusted", async () => {
    const refs: [string, string][] = [
      ["HEAD", oidOf(good)],
      ["refs/heads/main", oidOf(good)],
    ];
    rig.server.intercept = hostile(refs, sent([1, pack(complete)]));
    expect(await rig.ours(["clone", "-q", rig.server.url("evil.git"), "honest"])).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(rig.kernel.read(`${ROOT}/honest/a.txt`)).toBe("hello\n");
  });

  it("names that no reference may have is not followed there", async () => {
    const names = [
      "refs/heads/../../config",
      "refs/heads/a.lock",
      "refs/heads/..",
      "refs/../../../x",
      "refs/heads/a b",
      "refs/heads/-x/../y",
      "HEAD/../../x",
    ];
    const refs = ["HEAD", "refs/heads/main", ...names].map((name): [string, string] => [
      name,
      oidOf(good),
    ]);
    rig.server.intercept = hostile(refs, sent([1, pack(complete)]));
    const before = snapshot(ROOT).filter((line) => !line.includes("/named"));
    expect((await rig.ours(["clone", "-q", rig.server.url("evil.git"), "named"])).code).toBe(0);
    const listed = (await rig.ours(["branch", "-r"], "named")).stdout;
    expect(listed).toBe("  origin/HEAD -> origin/main\n  origin/main\n");
    expect(snapshot(ROOT).filter((line) => !line.includes("/named"))).toEqual(before);
  });

  it("a branch below another branch is refused before anything is written", async () => {
    const names = ["HEAD", "refs/heads/main", "refs/heads/main/below"];
    const refs = names.map((name): [string, string] => [name, oidOf(good)]);
    rig.server.intercept = hostile(refs, sent([1, pack(complete)]));
    const cloned = await rig.ours(["clone", rig.server.url("evil.git"), "clash"]);
    expect(cloned.stderr).toMatch(/has both refs\/remotes\/origin\/main and/);
    expect(rig.kernel.files.list(ROOT).map(({ name }) => name)).not.toContain("clash");
  });

  it("escapes is shown with them made visible", async () => {
    const refs: [string, string][] = [["refs/heads/main", oidOf(good)]];
    const words = "\u001b]0;owned\u0007\u001b[2J\u009b31mhello \u202eolleh\n";
    rig.server.intercept = hostile(refs, sent([2, words], [3, `bad\u001b[31m${words}`]));
    const { code, stderr } = await rig.ours(["ls-remote", rig.server.url("evil.git")]);
    expect([code, stderr]).toEqual([0, ""]);
    const cloned = await rig.ours(["clone", rig.server.url("evil.git"), "escapes"]);
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect(cloned.stderr).not.toMatch(/[\u001b\u0007\u009b\u202e]/);
    expect(cloned.stderr).toMatch(/remote: \?\]0;owned\?/);
    expect(cloned.stderr).toMatch(/remote error: bad\?\[31m/);
  });

  it("nothing at all can be interrupted, and leaves nothing either", async () => {
    const asked = Promise.withResolvers<void>();
    rig.server.intercept = (request, response) => {
      if (request.method === "GET")
        return hostile([["refs/heads/main", oidOf(good)]], Buffer.alloc(0))(request, response);
      asked.resolve();
      return true;
    };
    const cloning = rig.ours(["clone", rig.server.url("evil.git"), "interrupted"]);
    await asked.promise;
    const names = (): string[] => rig.kernel.files.list(ROOT).map(({ name }) => name);
    expect(names()).toContain("interrupted");
    const { kernel } = rig.kernel;
    for (const process of kernel.table.list())
      if (process.argv.includes("interrupted")) kernel.signal(process, "SIGTERM");
    expect((await cloning).code).toBe(143);
    expect(names()).not.toContain("interrupted");
  });

  it.each([
    ["a page", "<html>not git</html>"],
    ["half a line", "001e# service=git-upl"],
    ["another service", advertised([]).toString().replace("upload", "uploax")],
    ["a length that is none", "zzzz# service=git-upload-pack\n0000"],
  ])("%s instead of its references is not trusted", async (_what, text) => {
    rig.server.intercept = (_request, response) => {
      const type = "application/x-git-upload-pack-advertisement";
      response.writeHead(200, { "Content-Type": type }).end(text);
      return true;
    };
    const { code, stderr } = await rig.ours(["ls-remote", rig.server.url("evil.git")]);
    expect(code).toBe(128);
    expect(stderr).toMatch(/\ndisco: reason=remote_misbehaved\n$/);
  });
});
