import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome, WorkFrame } from "#protocol/frames.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";
import { smallWorkspace } from "#test/support/small-workspace.ts";

const files = new Map([["src/app.ts", "one\ntwo\n"]]);
const seen: WorkFrame[] = [];
let rig: EdgeRig;

beforeAll(async () => {
  rig = await EdgeRig.start();
  const workspace = smallWorkspace(files);
  await rig.attach((work) => {
    seen.push(work);
    return workspace(work);
  });
});
afterAll(() => rig.close());

const json = { "Content-Type": "application/json" };

describe("REST, from the route to the tab and back", () => {
  it("container_status tells that the container is ready", async () => {
    const answer = await rig.api("/api/v1/containers/current");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      state: "ready",
      attached: true,
      open_url: `${rig.page}/sandbox`,
      root: "/workspace",
      runtime: { kind: "embedded" },
    });
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
  });

  it("list_files takes its arguments from the query, with numbers as text", async () => {
    const answer = await rig.api("/api/v1/files/current?depth=3&path=src");
    expect(await answer.json()).toMatchObject({ path: "src", total: 1, truncated: false });
    expect(seen.at(-1)?.input).toEqual({ path: "src", depth: 3, all: false, limit: 200 });
    expect(seen.at(-1)?.client).toBe("the test's token");
  });

  it("read_file answers a file with its lines and hash", async () => {
    const answer = await rig.api("/api/v1/files/current/content?path=src/app.ts");
    expect(await answer.json()).toMatchObject({ text: "one\ntwo\n", total_lines: 2 });
  });

  it("write_file takes a JSON body and runs once, after its go [CALL-3]", async () => {
    const body = JSON.stringify({ path: "new.txt", content: "hello" });
    const answer = await rig.api("/api/v1/files/current", { method: "PUT", headers: json, body });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ path: "new.txt", bytes: 5, created: true });
    expect(files.get("new.txt")).toBe("hello");
    expect(seen.filter(({ operation }) => operation === "write_file")).toHaveLength(1);
  });

  it("run_command gives the tab its own time [CALL-10]", async () => {
    const answer = await rig.api("/api/v1/terminal/current/execute", {
      method: "POST",
      headers: json,
      body: JSON.stringify({ command: "ls | wc -l", timeout_s: "7" }),
    });
    expect(await answer.json()).toMatchObject({ exit_code: 0, stdout: "ran ls | wc -l\n" });
    const { timeout_ms, input } = seen.at(-1) as WorkFrame;
    expect(input["timeout_s"]).toBe(7);
    expect(timeout_ms).toBeGreaterThan(7_000);
    expect(timeout_ms).toBeLessThanOrEqual(11_000);
  });

  it("answers by the container's id as by `current`", async () => {
    const answer = await rig.api(`/api/v1/files/${await rig.container()}`);
    expect(answer.status).toBe(200);
    await answer.text();
  });

  it("passes the tab's own error on with its status and next step", async () => {
    const answer = await rig.api("/api/v1/files/current/content?path=none.txt");
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      code: "file_not_found",
      detail: "There is no none.txt.",
      next: "Call list_files to see what exists.",
      type: `http://localhost:${rig.worker.url.port}/docs/errors#file_not_found`,
    });
  });

  it("answers HEAD like GET without a body, and OPTIONS with Allow", async () => {
    const head = await rig.api("/api/v1/files/current", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const options = await rig.api("/api/v1/files/current", { method: "OPTIONS" });
    expect([options.status, options.headers.get("Allow")]).toEqual([
      204,
      "GET, PUT, POST, DELETE, HEAD, OPTIONS",
    ]);
    await options.text();
  });

  it("runs a call to its end when its caller goes away, as the documents say", async () => {
    const work = Promise.withResolvers<Outcome>();
    const tab = await rig.attach(() => work.promise);
    const abort = new AbortController();
    const call = fetch(new URL("/api/v1/terminal/current/execute", rig.worker.url), {
      method: "POST",
      headers: { ...rig.auth, ...json },
      body: JSON.stringify({ command: "sleep 1" }),
      signal: abort.signal,
    });
    const received = (type: string) => tab.received.some((frame) => frame.type === type);
    await expect.poll(() => received("go")).toBe(true);
    abort.abort();
    await expect(call).rejects.toThrow(/abort/i);
    const error = { code: "internal", message: "It does not matter how it ends." } as const;
    work.resolve({ ok: false, error });
    await expect.poll(() => received("ack")).toBe(true);
    expect(received("cancel")).toBe(false);
  });

  it("is our mistake when the tab answers nonsense [CALL-8]", async () => {
    await rig.attach(() => ({ ok: true, output: { nonsense: true } }));
    const answer = await rig.api("/api/v1/files/current");
    expect(answer.status).toBe(500);
    const problem = (await answer.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ code: "internal" });
    expect(problem["instance"]).toBe(`urn:uuid:${answer.headers.get("X-Request-Id")}`);
  });
});
