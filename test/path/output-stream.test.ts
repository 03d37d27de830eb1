import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { restCaller } from "#test/support/rest-caller.ts";
import { ServerEvents, type SeenEvent } from "#test/support/server-events.ts";
import { TEST_REALM } from "#test/support/edge-rig.ts";
import { type StartedTab, TabRig } from "#test/support/tab-rig.ts";
import { mintToken } from "#worker/identity/tokens.ts";

let rig: TabRig;
let started: StartedTab;
let call: ReturnType<typeof restCaller>;

beforeAll(async () => {
  rig = await TabRig.start();
  call = restCaller(rig.edge);
});
beforeEach(async () => {
  started = await rig.readyTab();
});
afterEach(() => rig.closeTabs());
afterAll(() => rig.close());

const post = (route: string, body: object) =>
  rig.api("POST", `/terminal/${rig.container}/${route}`, body);

async function start(command: string): Promise<string> {
  const { body } = await post("execute", { command, background: true });
  return String(body["process_id"]);
}

const urlOf = (query: string) =>
  new URL(`/api/v1/terminal/${rig.container}/stream?${query}`, rig.edge.worker.url);

function open(id: string, headers: Record<string, string> = {}, more = ""): Promise<ServerEvents> {
  const url = urlOf(`process_id=${id}${more}`);
  return ServerEvents.open(url, { headers: { ...rig.edge.auth, ...headers } });
}

const outputOf = (events: readonly SeenEvent[]) =>
  events.map(({ event, data }) => (event === "output" ? data["output"] : "")).join("");

describe("a command's output as server-sent events", () => {
  it("comes as it is written, from the start, and ends with the command", async () => {
    const id = await start("echo one; sleep 1; echo two; exit 3");
    const stream = await open(id);
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get("Content-Type")).toBe("text/event-stream");
    expect(stream.response.headers.get("Cache-Control")).toBe("no-store, no-transform");
    const running = { process_id: id, status: "running", exit_code: null };
    expect(await stream.next()).toEqual({
      event: "status",
      id: "0",
      data: { ...running, cursor: 0 },
    });
    expect(await stream.next()).toEqual({
      event: "output",
      id: "4",
      data: { output: "one\n", dropped: 0, cursor: 4 },
    });
    const rest = await stream.rest();
    expect(outputOf(rest)).toBe("two\n");
    const ended = { process_id: id, status: "exited", exit_code: 3, cursor: 8 };
    expect(rest.find(({ event }) => event === "status")?.data).toMatchObject({ status: "exited" });
    expect(rest.at(-1)).toEqual({
      event: "end",
      id: "8.end",
      data: { reason: "ended", ...ended },
    });
    const again = await rig.edge.api(urlOf("").pathname, {
      headers: { "Last-Event-ID": stream.lastEventId },
    });
    expect([again.status, await again.text()]).toEqual([204, ""]);
  });

  it("goes on after a cut without loss or repetition, whatever the characters", async () => {
    const lines = Array.from({ length: 100 }, (_, index) => `${index} täglich 🎈日本\r\n`);
    const id = await start(
      String.raw`for i in $(seq 0 99); do printf '%d täglich 🎈日本\r\n' $i; sleep 0.02; done`,
    );
    let all = "";
    let cuts = 0;
    for (let last = ""; ; cuts++) {
      const stream = await open(id, last === "" ? {} : { "Last-Event-ID": last });
      let event = await stream.next();
      for (let taken = 0; event && event.event !== "end" && taken < 2;) {
        if (event.event === "output") taken += 1;
        all += outputOf([event]);
        last = event.id;
        if (taken < 2) event = await stream.next();
      }
      stream.cut();
      if (event?.event === "end") break;
    }
    expect(cuts).toBeGreaterThan(1);
    expect(all).toBe(lines.join(""));
  });

  it("tells by HEAD what it is, and nothing more", async () => {
    const { pathname, search } = urlOf(`process_id=${await start("sleep 300")}`);
    const head = await rig.edge.api(pathname + search, { method: "HEAD" });
    expect([head.status, head.headers.get("Content-Type"), await head.text()]).toEqual([
      200,
      "text/event-stream",
      "",
    ]);
  });

  it("joins a character that comes in pieces", async () => {
    const id = await start(String.raw`printf 'a\xf0\x9f'; sleep 1; printf '\x8e\x88b'`);
    expect(outputOf(await (await open(id)).rest())).toBe("a🎈b");
  });

  it("has all of a megabyte, also from its middle on", async () => {
    const id = await start("yes 01234ä6 | head -c 1000000");
    const text = outputOf(await (await open(id)).rest());
    const expected = "01234ä6\n".repeat(1_000_000 / 9 + 1).slice(0, text.length);
    expect(Buffer.byteLength(text)).toBe(1_000_000);
    expect(text === expected).toBe(true);
    const part = outputOf(await (await open(id, {}, "&cursor=500001")).rest());
    expect(part === expected.slice(500_001)).toBe(true);
  });

  it("says that a process was killed", async () => {
    const id = await start("echo up; sleep 300");
    const stream = await open(id);
    await stream.next();
    await stream.next();
    await post("stop", { process_id: id });
    const rest = await stream.rest();
    expect(rest.at(-1)?.data).toMatchObject({ reason: "ended", status: "killed", exit_code: null });
  });

  it("is one call to the person who watches, however often it looks [CALL-11]", async () => {
    const id = await start("for i in 1 2 3 4; do echo $i; sleep 0.7; done");
    await (await open(id)).rest();
    const shown = started.events.flatMap(({ ...event }) =>
      event.kind === "call" && event.call.type === "started" ? [event.call.operation] : [],
    );
    expect(shown).toEqual(["run_command", "read_output"]);
  });

  it("ends when a look is refused: the token has expired meanwhile", async () => {
    const claims = { sub: "local", client_id: "k", client_name: "k", scope: "terminal:run" };
    const token = await mintToken(TEST_REALM, "local", claims, { ttlS: 3 });
    const id = await start("while :; do echo on; sleep 0.3; done");
    const stream = await open(id, { Authorization: `Bearer ${token}` });
    const end = (await stream.rest()).at(-1);
    expect(end).toMatchObject({
      event: "end",
      data: { reason: "failed", status: "running", error: { code: "unauthenticated" } },
    });
    expect(end?.id).toBe(String(end?.data["cursor"]));
  });

  it("ends when the page was reloaded, and then is refused", async () => {
    const id = await start("echo up; sleep 300");
    const stream = await open(id);
    await stream.next();
    await stream.next();
    await rig.closeTabs();
    started = await rig.readyTab();
    expect((await stream.rest()).at(-1)).toMatchObject({
      event: "end",
      data: { reason: "failed", error: { code: "process_not_found", retryable: false } },
    });
    const again = await open(id, { "Last-Event-ID": stream.lastEventId });
    expect(again.response.status).toBe(404);
  });

  it("says in silence that it is there", async () => {
    const stream = await open(await start("sleep 300"));
    await stream.next();
    void stream.next().catch(() => {});
    await expect.poll(() => stream.comments, { timeout: 12_000 }).toBeGreaterThan(0);
    stream.cut();
  });
});

describe("a command that is run and followed at once", () => {
  const execute = (body: object) =>
    ServerEvents.open(new URL(`/api/v1/terminal/${rig.container}/execute`, rig.edge.worker.url), {
      method: "POST",
      headers: {
        ...rig.edge.auth,
        "Content-Type": "application/json",
        Accept: "text/event-stream",
      },
      body: JSON.stringify(body),
    });

  it("streams from its start to its end, without an input to wait for", async () => {
    const events = await (await execute({ command: "echo hello; cat; exit 4" })).rest();
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(["status", "output"]));
    expect(outputOf(events)).toBe("hello\n");
    expect(events.at(-1)?.data).toMatchObject({ reason: "ended", exit_code: 4 });
  });

  it("goes on by stream, as a process like others, when its caller has gone", async () => {
    const stream = await execute({ command: "echo a; sleep 2; echo b", stdin: "" });
    const { data } = (await stream.next()) as SeenEvent;
    stream.cut();
    const rest = await (await open(String(data["process_id"]))).rest();
    expect(outputOf(rest)).toBe("a\nb\n");
    expect(rest.at(-1)?.data).toMatchObject({ reason: "ended", exit_code: 0 });
  });

  it("answers JSON to who does not ask for events", async () => {
    const { status, body } = await post("execute", { command: "echo hello" });
    expect([status, body["stdout"]]).toEqual([200, "hello\n"]);
  });

  it("is refused like any other", async () => {
    const { response } = await execute({ command: 1 });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "invalid_input" });
  });
});

describe("what cannot be followed", () => {
  it.each<[Record<string, string>, number, string]>([
    [{ process_id: "p_000000000000" }, 404, "process_not_found"],
    [{}, 400, "invalid_input"],
    [{ process_id: "ID", cursor: "x" }, 400, "invalid_input"],
    [{ process_id: "ID", cursor: "-1" }, 400, "invalid_input"],
    [{ process_id: "ID", cursor: "1000" }, 400, "invalid_input"],
    [{ process_id: "ID", tail: "3" }, 400, "invalid_input"],
    [{ process_id: "ID", wait_s: "3" }, 400, "invalid_input"],
  ])("%j is refused with %d", async (query, status, code) => {
    const named = query["process_id"] === "ID" ? { process_id: await start("true") } : {};
    const answer = await call("stream_output", { ...query, ...named });
    expect([answer.status, answer.body["code"]]).toEqual([status, code]);
    expect(answer.body["next"]).not.toBe("");
  });

  it("is a Last-Event-ID that no stream gave", async () => {
    const { response } = await open(await start("true"), { "Last-Event-ID": "1; DROP" });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("Last-Event-ID wants the id of an event");
  });

  it("is anything without a token, of another user, or without the scope", async () => {
    const id = await start("true");
    const claims = { client_id: "k", client_name: "k" };
    const tokenOf = (sub: string, scope: string) =>
      mintToken(TEST_REALM, "local", { ...claims, sub, scope });
    const statusWith = async (Authorization: string) => {
      const { response } = await open(id, { Authorization });
      const { code } = (await response.json()) as { code: string };
      return [response.status, code];
    };
    expect(await statusWith("")).toEqual([401, "unauthenticated"]);
    const foreign = await tokenOf("somebody-else", "terminal:run");
    expect(await statusWith(`Bearer ${foreign}`)).toEqual([404, "container_not_found"]);
    const narrow = await tokenOf("local", "files:read");
    expect(await statusWith(`Bearer ${narrow}`)).toEqual([403, "insufficient_scope"]);
  });

  it("is told at once when no page is open", async () => {
    const id = await start("true");
    await rig.closeTabs();
    const { response } = await open(id);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: "tab_not_attached" });
  });
});

describe("the history of commands", () => {
  it("has what ran, the latest first, page by page", async () => {
    const first = await start("exit 1");
    const second = await start("echo 🎈; sleep 300");
    const get = async (input: Record<string, unknown>) => {
      const { status, body } = await call("list_commands", input);
      expect(status).toBe(200);
      return body as { commands: Record<string, unknown>[]; total: number; next_cursor: number };
    };
    const newest = { process_id: second, command: "echo 🎈; sleep 300", status: "running" };
    const client = "the test's token";
    const page = await get({ limit: 1 });
    expect(page).toMatchObject({ commands: [{ ...newest, client }], total: 2 });
    await expect
      .poll(async () => (await get({ limit: 5, cursor: page.next_cursor })).commands)
      .toMatchObject([{ process_id: first, status: "exited", exit_code: 1, command: "exit 1" }]);
    const wrong = await call("list_commands", { limit: 0 });
    expect(wrong).toMatchObject({ status: 400, body: { code: "invalid_input" } });
  });

  it("is empty at first", async () => {
    const answer = await call("list_commands");
    expect(answer.body).toEqual({ commands: [], total: 0, next_cursor: null });
  });
});
