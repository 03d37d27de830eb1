import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Asking } from "#test/support/egress-rig.ts";
import { GitRig } from "#test/support/git-rig.ts";

let rig: GitRig;
beforeAll(async () => {
  rig = await GitRig.start();
  for (const name of ["open.git", "other.git"]) await rig.server.createWithCommit(name);
});
afterAll(() => rig.close());
beforeEach(async () => {
  rig.server.requests.length = 0;
  rig.server.intercept = () => false;
  await rig.revokeAll();
});

const ask = (path: string, asking?: Asking) => rig.ask(path, asking);

const refs = (service = "git-upload-pack"): string => `open.git/info/refs?service=${service}`;
const packed = (service: string): [string, string][] => [
  ["Content-Type", `application/x-${service}-request`],
];

/** The beginning of a push that makes one reference. */
function update(ref: string): string {
  const line = `${"0".repeat(40)} ${"1".repeat(40)} ${ref}\0 report-status`;
  return `${(line.length + 4).toString(16).padStart(4, "0")}${line}0000`;
}

describe("who may ask", () => {
  it("nobody without a token, with another container's, or from another origin", async () => {
    await rig.allow("open.git", "read");
    const own = rig.egress.fromRuntime;
    expect((await ask(refs())).code).toBe(null);
    expect((await ask(refs(), { token: null })).code).toBe("unauthenticated");
    expect((await ask(refs(), { token: "a.b.c" })).code).toBe("unauthenticated");
    const foreign = await rig.egress.tokenFor("c_00000000000000000000000000000000");
    expect((await ask(refs(), { token: foreign })).code).toBe("network_not_granted");
    for (const from of [
      { ...own, "Sec-Fetch-Site": "cross-site" },
      { ...own, "Sec-Fetch-Dest": "document" },
      { ...own, Origin: rig.egress.edge.page },
    ])
      expect((await ask(refs(), { from })).code).toBe("origin_not_allowed");
    expect(rig.server.requests).toHaveLength(1);
  });
});

describe("what may be asked", () => {
  beforeEach(() => rig.allow("open.git", "push"));

  it.each([
    ["GET", "open.git/info/refs"],
    ["GET", "open.git/info/refs?service=git-upload-archive"],
    ["GET", "open.git/info/refs?service=git-upload-pack&more=1"],
    ["GET", "open.git/HEAD"],
    ["GET", "open.git/objects/info/packs"],
    ["GET", "open.git/git-upload-pack"],
    ["POST", "open.git/info/refs?service=git-upload-pack"],
    ["POST", "open.git/git-upload-pack?x=1"],
    ["PUT", "open.git/git-receive-pack"],
    ["POST", "open.git/info/lfs/objects/batch"],
    ["GET", "a%2fb/open.git/info/refs?service=git-upload-pack"],
    ["GET", "a;b/open.git/info/refs?service=git-upload-pack"],
    ["GET", "a//open.git/info/refs?service=git-upload-pack"],
  ])("not %s %s", async (method, path) => {
    const headers = packed("git-upload-pack");
    const body = method === "GET" ? "" : "0000";
    expect((await ask(path, { method, headers, body })).code).toBe("network_refused");
    expect(rig.server.requests).toEqual([]);
  });

  it.each([
    "http://127.0.0.1:PORT/open.git",
    "http://localhost:PORT/open.git",
    "http://[::1]:PORT/open.git",
    "http://user:secret@host.disco.internal:PORT/open.git",
    "http://example.com/open.git",
    "https://github.com@host.disco.internal:PORT/open.git",
    "https://10.0.0.1/open.git",
    "https://router.local/open.git",
    "ftp://example.com/open.git",
  ])("not of %s", async (place) => {
    const url = place.replace("PORT", String(rig.server.port));
    const asked = `${url}/info/refs?service=git-upload-pack`;
    expect((await rig.egress.ask(asked, {}, "git")).code).toBe("network_refused");
    expect(rig.server.requests).toEqual([]);
  });

  it("not Disco itself", async () => {
    const own = `http://host.disco.internal:${rig.egress.edge.worker.url.port}/a/b`;
    const asked = `${own}/info/refs?service=git-upload-pack`;
    expect((await rig.egress.ask(asked, {}, "git")).detail).toContain("Disco's own hosts");
  });

  it("with no other content type than git's", async () => {
    const asking = { method: "POST", body: "0000" };
    for (const headers of [[], packed("git-receive-pack"), [["Content-Type", "text/plain"]]])
      expect(
        (await ask("open.git/git-upload-pack", { ...asking, headers: headers as never })).code,
      ).toBe("network_refused");
    expect(rig.server.requests).toEqual([]);
  });

  it("with none of the program's headers, and the answer's cookies stay outside", async () => {
    rig.server.intercept = (_request, response) => {
      response.setHeader("Set-Cookie", "a=1");
      response.setHeader("X-Own", "1");
      response.setHeader("Content-Type", "application/x-git-upload-pack-advertisement");
      response.end("0000");
      return true;
    };
    const headers: [string, string][] = [
      ["Authorization", "Basic Zm9vOmJhcg=="],
      ["Cookie", "guest=1"],
      ["X-Own", "1"],
      ["User-Agent", "evil"],
    ];
    const answer = await ask(refs(), { headers });
    expect(answer.head?.headers).toEqual([
      ["content-type", "application/x-git-upload-pack-advertisement"],
    ]);
    const sent = rig.server.requests[0]?.headers ?? {};
    expect([sent.authorization, sent.cookie, sent["x-own"]]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(sent["user-agent"]).toMatch(/^git\//);
  });
});

describe("what is allowed", () => {
  it("nothing of a host that is neither public nor granted, until the person says so", async () => {
    expect(await ask(refs())).toMatchObject({
      code: "network_not_granted",
      detail: expect.stringContaining("neither the host nor"),
    });
    expect(rig.server.requests).toEqual([]);
    await rig.allow("open", "read");
    expect((await ask(refs())).head?.status).toBe(200);
    expect((await ask(refs().replace("open", "other"))).code).toBe("network_not_granted");
  });

  it("no push before it is granted for that very repository", async () => {
    await rig.allow("open.git", "read");
    await rig.allow("other.git", "push");
    const asking = {
      method: "POST",
      headers: packed("git-receive-pack"),
      body: update("refs/heads/x"),
    };
    for (const answer of [
      await ask(refs("git-receive-pack")),
      await ask("open.git/git-receive-pack", asking),
    ])
      expect(answer).toMatchObject({
        code: "network_not_granted",
        detail: `Pushing to ${rig.server.url("open")} has not been granted to this container.`,
      });
    expect(rig.server.requests).toEqual([]);
  });

  it.each([
    [null, "refs/heads/any", true],
    [null, "refs/tags/v1", true],
    [null, "refs/meta/config", false],
    [null, "refs/pull/1/head", false],
    ["disco/*", "refs/heads/disco/one", true],
    ["disco/*", "refs/heads/main", false],
    ["disco/*", "refs/tags/disco/one", false],
    ["main", "refs/heads/main", true],
    ["main", "refs/heads/main2", false],
  ])("with the branches %s, a push to %s: %s", async (branches, ref, may) => {
    await rig.allow("open.git", "push", branches);
    const headers = packed("git-receive-pack");
    const asking = { method: "POST", headers, body: update(ref) };
    const answer = await ask("open.git/git-receive-pack", asking);
    expect(answer.code).toBe(may ? null : "network_refused");
    if (!may)
      expect(answer.detail).toContain(`${ref} of ${rig.server.url("open")} may not be pushed`);
    expect(rig.server.requests).toHaveLength(may ? 1 : 0);
  });

  it.each([
    ["nothing", ""],
    ["no length", "zzzz"],
    ["a line without text", "0004"],
    ["a list that is cut off", "00ff1234"],
    ["a signed list", "0014push-cert\0 x1230000"],
    ["no reference", "000ahello\n0000"],
    ["a reference beside the list", update("refs/heads/main").replace("0000", "") + "0001"],
  ])("no push that begins with %s", async (_what, body) => {
    await rig.allow("open.git", "push");
    const asking = { method: "POST", headers: packed("git-receive-pack"), body };
    expect((await ask("open.git/git-receive-pack", asking)).code).toBe("network_refused");
    expect(rig.server.requests).toEqual([]);
  });
});
