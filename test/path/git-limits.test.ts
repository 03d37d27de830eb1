import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GitRig } from "#test/support/git-rig.ts";

let rig: GitRig;
beforeAll(async () => {
  rig = await GitRig.start("low");
  await rig.allow("any.git", "push");
});
afterAll(() => rig.close());
beforeEach(() => {
  rig.server.requests.length = 0;
});

const TYPE = { "Content-Type": "application/x-git-upload-pack-advertisement" };
const REFS = "any.git/info/refs?service=git-upload-pack";
const listed = () => rig.ours(["ls-remote", rig.server.url("any.git")]);

/**
 * Answers with so many bytes at a time. The harness does not tell the server that nobody listens any
 * more, so that the test has to end it.
 */
function drip(bytes: number, everyMs: number): () => void {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  rig.server.intercept = (_request, response) => {
    response.writeHead(200, TYPE);
    response.write("001e# service=git-upload-pack\n0000");
    const timer = setInterval(() => response.write("x".repeat(bytes)), everyMs);
    void stopped.then(() => {
      clearInterval(timer);
      response.end();
    });
    return true;
  };
  return stop;
}

describe("an answer of a remote", () => {
  it("that is too long is cut off, here and there", async () => {
    const stop = drip(3_000, 50);
    const { code, stderr } = await listed();
    expect(code).toBe(128);
    expect(stderr).toMatch(/\ndisco: reason=(?:network_unavailable|remote_misbehaved)\n$/);
    stop();
  });

  it("that falls silent is cut off", async () => {
    const stop = drip(1, 100_000);
    expect((await listed()).code).toBe(128);
    stop();
  });

  it("that takes too long is cut off, however much it says", async () => {
    const stop = drip(1, 100);
    expect((await listed()).code).toBe(128);
    stop();
  });

  it("that never begins is waited for no longer than that", async () => {
    rig.server.intercept = () => true;
    const { stderr } = await listed();
    expect(stderr).toMatch(/does not answer in time\.\ndisco: reason=network_unavailable\n$/);
  });

  it("ends when the person takes the permission back", async () => {
    const stop = drip(1, 50);
    const { body } = await rig.ask(REFS);
    const read = new Response(body).text();
    const repository = rig.server.url("any.git");
    await (await rig.page("DELETE", "/repositories", { repository })).text();
    await expect(read).rejects.toThrow(/terminated/);
    stop();
    await rig.allow("any.git", "push");
  });

  it("to a push whose list does not end is not waited for", async () => {
    const answer = await rig.ask("any.git/git-receive-pack", {
      method: "POST",
      headers: [["Content-Type", "application/x-git-receive-pack-request"]],
      body: `00ae${"0".repeat(40)} ${"1".repeat(40)} refs/heads/${"x".repeat(75)}\0\n`.repeat(
        8_000,
      ),
    });
    expect(answer.detail).toContain("too many references");
    expect(rig.server.requests).toEqual([]);
  });
});

it("a container that asks too often is told to wait", async () => {
  rig.server.intercept = (_request, response) => {
    response.writeHead(404).end();
    return true;
  };
  const codes: (string | null)[] = [];
  for (let count = 0; count < 30; count += 1) codes.push((await rig.ask(REFS)).code);
  expect(codes[0]).toBe(null);
  expect(codes.at(-1)).toBe("overloaded");
  expect((await listed()).stderr).toMatch(/\ndisco: reason=overloaded\n$/);
});
