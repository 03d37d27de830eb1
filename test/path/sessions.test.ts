import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, Person } from "#test/support/accounts.ts";
import { EdgeRig, TEST_SECRET } from "#test/support/edge-rig.ts";
import { problem, problemOf } from "#test/support/face-errors.ts";
import { ServerEvents } from "#test/support/server-events.ts";
import { mintLocalClaim } from "#worker/identity/tokens.ts";

let rig: EdgeRig;
let ada: Person;
let eve: Person;

beforeAll(async () => {
  rig = await EdgeRig.start();
  ada = await Person.signIn(rig, "ada");
  eve = await Person.signIn(rig, "eve");
});
afterAll(() => rig.close());

const ask = (token: string, path: string, method = "GET") =>
  rig.worker.fetch(path, { method, headers: bearer(token) });
async function read<Answer = Record<string, unknown>>(token: string, path: string, method = "GET") {
  const answer = await ask(token, path, method);
  return { status: answer.status, ...((await answer.json()) as Answer) };
}
const all = ["containers:read", "sessions:read", "sessions:write"] as const;
const containerOf = async (token: string) =>
  (await read<{ container: string }>(token, "/api/v1/containers/current")).container;

interface Listed {
  sessions: { id: string; client: { name: string }; container: string; current: boolean }[];
  count: number;
}

describe("/api/v1/sessions", () => {
  it("lists the clients of the caller's user, and says which one asks", async () => {
    const { key, session } = await ada.newKey(all, "new", "first");
    const other = await ada.newKey(["containers:read"], "new", "second");
    const { sessions, count } = await read<Listed>(key, "/api/v1/sessions");
    expect(sessions.map(({ client, current }) => [client.name, current])).toEqual([
      ["first", true],
      ["second", false],
    ]);
    expect([count, sessions[0]?.id, sessions[1]?.id]).toEqual([2, session, other.session]);
    const refused = await ask(other.key, "/api/v1/sessions");
    expect(await problemOf(refused)).toMatchObject(problem("insufficient_scope"));
  });

  it("ends one, and with it what the client was given", async () => {
    const { key } = await ada.newKey(all);
    const other = await ada.newKey(["containers:read"]);
    const path = `/api/v1/sessions/${other.session}`;
    expect(await read(key, path, "DELETE")).toMatchObject({
      session: other.session,
      existed: true,
    });
    expect(await read(key, path, "DELETE")).toMatchObject({ existed: false });
    expect((await read(other.key, "/api/v1/containers/current")).status).toBe(401);
    expect((await ada.account()).api_keys.map(({ id }) => id)).not.toContain(other.id);
  });

  it("tells what one is bound to, to its own user only", async () => {
    const { key, session } = await ada.newKey(all);
    const container = await containerOf(key);
    expect(await read(key, `/api/v1/sessions/${session}/state`)).toMatchObject({
      id: session,
      type: "api",
      container: { id: container, name: "a key" },
      state: "waiting_for_tab",
      shared_with: 0,
    });
    const stranger = await eve.newKey(all);
    const seen = [];
    for (const id of [session, `s_${"0".repeat(32)}`]) {
      const { detail, ...rest } = await problemOf(
        await ask(stranger.key, `/api/v1/sessions/${id}/state`),
      );
      expect(rest).toMatchObject(problem("session_not_found"));
      seen.push(detail.replace(id, "ID"));
    }
    expect(seen[0]).toBe(seen[1]);
    expect(await read(stranger.key, `/api/v1/sessions/${session}`, "DELETE")).toMatchObject({
      existed: false,
    });
    expect((await read(key, "/api/v1/sessions")).status).toBe(200);
  });

  it("counts them in /health/sessions", async () => {
    const { key } = await eve.newKey(all);
    await containerOf(key);
    const health = await read<{ sessions: { count: number } }>(key, "/health/sessions");
    const { clients, containers } = await eve.account();
    expect(health).toMatchObject({
      status: "ok",
      sessions: { count: clients.length, max: 64, by_type: { api: clients.length, web: 0 } },
      containers: { count: containers.length, attached: 0 },
    });
    const nobody = await rig.worker.fetch("/health/sessions");
    expect(await problemOf(nobody)).toMatchObject(problem("unauthenticated"));
  });
});

describe("the binding of a client", () => {
  it("is handed over by the person, and counts from the next call on", async () => {
    const first = await ada.newKey(["containers:read"]);
    const second = await ada.newKey(["containers:read"]);
    const container = await containerOf(first.key);
    expect(await containerOf(second.key)).not.toBe(container);
    const answer = await ada.page("PUT", `/auth/sessions/${second.session}`, { container });
    expect(answer.status).toBe(200);
    await answer.text();
    expect(await containerOf(second.key)).toBe(container);
  });

  it("can be to a new container, but to no other user's", async () => {
    const { key, session } = await ada.newKey(["containers:read"]);
    const before = await containerOf(key);
    const made = await ada.page("PUT", `/auth/sessions/${session}`, { container: "new" });
    await made.text();
    const now = await containerOf(key);
    expect(now).not.toBe(before);
    const { key: foreign } = await eve.newKey(["containers:read"]);
    const container = await containerOf(foreign);
    const stolen = await ada.page("PUT", `/auth/sessions/${session}`, { container });
    expect(await problemOf(stolen)).toMatchObject(problem("container_not_found"));
    const taken = await eve.page("PUT", `/auth/sessions/${session}`, { container });
    expect(await problemOf(taken)).toMatchObject(problem("session_not_found"));
    expect(await containerOf(key)).toBe(now);
  });

  it("is the person's own page's to change, and nobody else's", async () => {
    const { session } = await ada.newKey(all);
    const body = JSON.stringify({ container: "new" });
    const headers = { Cookie: ada.cookie, "Content-Type": "application/json" };
    const attempts = [
      ["/auth/account", "GET"],
      [`/auth/sessions/${session}`, "PUT"],
      [`/auth/sessions/${session}`, "DELETE"],
      ["/auth/api-keys", "POST"],
      ["/auth/sign-out-everywhere", "POST"],
    ] as const;
    for (const [path, method] of attempts) {
      for (const Origin of ["https://evil.example", "http://rt.disco.localhost:1", "null"]) {
        const answer = await rig.worker.fetch(path, {
          method,
          headers: { ...headers, Origin },
          ...(method !== "GET" && { body }),
        });
        expect(await problemOf(answer), path).toMatchObject(problem("origin_not_allowed"));
      }
      const unsigned = await rig.fromPage(path, {
        method,
        headers: { "Content-Type": "application/json" },
        ...(method !== "GET" && { body }),
      });
      expect(await problemOf(unsigned), path).toMatchObject(problem("unauthenticated"));
    }
  });
});

describe("a revocation", () => {
  it("ends a stream that was open before", async () => {
    const { key, session } = await eve.newKey(["containers:read"]);
    const { promise: opened, resolve: open } = Promise.withResolvers<Response>();
    const client = new Client({ name: "a client", version: "1" });
    const transport = new StreamableHTTPClientTransport(new URL("/mcp", rig.worker.url), {
      requestInit: { headers: bearer(key) },
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        if (typeof init?.body === "string" && init.body.includes("wait_for")) open(answer.clone());
        return answer;
      },
    });
    await client.connect(transport);
    const call = { name: "wait_for", arguments: { id: "tab", timeout_s: 40 } };
    const waiting = client.callTool(call).catch(() => "the client gave up");
    const answer = await opened;
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "text/event-stream"]);
    const started = Date.now();
    await (await eve.page("DELETE", `/auth/sessions/${session}`)).text();
    expect(await answer.text()).not.toContain("result");
    // 10 s are promised; the rest is for a busy machine.
    expect(Date.now() - started).toBeLessThan(20_000);
    await client.close();
    expect(await waiting).toBe("the client gave up");
  });

  it("ends the stream of a command, also while a look at it waits", async () => {
    const { key, session } = await eve.newKey(["containers:read", "terminal:run"], "new");
    const container = await containerOf(key);
    const answer = await eve.page("POST", "/auth/tickets", { container });
    const { ticket } = (await answer.json()) as { ticket: string };
    const tab = await rig.openTab(container, ticket);
    tab.hello();
    await tab.welcome();
    const url = new URL("/api/v1/terminal/current/stream?process_id=p_1", rig.worker.url);
    const opening = ServerEvents.open(url, { headers: bearer(key) });
    const look = await tab.next("call");
    const said = { status: "running", exit_code: null, output: "hello", dropped: 0 };
    tab.succeed(look.call, { ...said, cursor: 5, remaining: 0 });
    const stream = await opening;
    await expect.poll(async () => (await stream.next())?.event).toBe("output");
    await tab.next("ack");
    await tab.next("call");
    await (await eve.page("DELETE", `/auth/sessions/${session}`)).text();
    // Without a word: the look that waits would have brought one more answer.
    expect(await stream.rest()).toEqual([]);
    await tab.close();
  });

  it("of a browser's sign-in closes the tabs that it opened, and no others [OPEN-5]", async () => {
    const container = await rig.container();
    const [one, other] = [await rig.signIn(), await rig.signIn()];
    const open = async (Cookie: string) => {
      const answer = await rig.postFromPage("/auth/tickets", { container }, { Cookie });
      const { ticket } = (await answer.json()) as { ticket: string };
      const tab = await rig.openTab(container, ticket);
      return tab;
    };
    const first = await open(one);
    first.hello();
    await first.welcome();
    const pending = await rig.postFromPage("/auth/tickets", { container }, { Cookie: one });
    const { ticket } = (await pending.json()) as { ticket: string };
    const second = await open(other);
    await (await rig.postFromPage("/auth/sign-out", {}, { Cookie: one })).text();
    expect(await first.closed).toMatchObject({ code: 4401 });
    await expect(rig.openTab(container, ticket)).rejects.toThrow("The socket did not open.");
    second.hello();
    await second.welcome();
    expect(await read(rig.token, "/api/v1/containers/current")).toMatchObject({ attached: true });
    await second.close();
  });
});

describe("signing out everywhere", () => {
  it("ends browsers, tabs, keys, clients, links and the machine's own token", async () => {
    const claim = await mintLocalClaim(TEST_SECRET);
    const you = await Person.signIn(rig, "local");
    const elsewhere = await Person.signIn(rig, "local");
    const { key } = await you.newKey(all);
    const container = await rig.container();
    const tab = await rig.openTab(container, await rig.ticket(container));
    tab.hello();
    await tab.welcome();
    const answer = await you.page("POST", "/auth/sign-out-everywhere", {});
    expect(answer.status).toBe(204);
    expect(answer.headers.get("Set-Cookie")).toContain("Max-Age=0");
    await answer.text();
    expect(await tab.closed).toMatchObject({ code: 4401 });
    const link = await rig.postFromPage("/auth/sign-in", { claim });
    expect(await problemOf(link)).toMatchObject(problem("unauthenticated"));
    for (const token of [key, rig.token]) {
      expect((await read(token, "/api/v1/containers/current")).status).toBe(401);
    }
    for (const person of [you, elsewhere]) {
      const me = await person.page("GET", "/auth/me");
      expect(await problemOf(me)).toMatchObject(problem("unauthenticated"));
    }
    expect((await ada.page("GET", "/auth/me")).status).toBe(200);
  });
});
