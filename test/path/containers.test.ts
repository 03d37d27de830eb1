import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CloseCode } from "#protocol/frames.ts";
import { CONTAINERS_MAX } from "#protocol/limits.ts";
import { Person } from "#test/support/accounts.ts";
import { EdgeRig, TEST_REALM } from "#test/support/edge-rig.ts";
import { type RestAnswer, type RestOptions, restCaller } from "#test/support/rest-caller.ts";
import { smallWorkspace } from "#test/support/small-workspace.ts";
import { scopes } from "#protocol/operation.ts";
import { mintToken } from "#worker/identity/tokens.ts";

let rig: EdgeRig;
let call: ReturnType<typeof restCaller>;
let Cookie: string;

beforeAll(async () => {
  rig = await EdgeRig.start();
  call = restCaller(rig);
  Cookie = await rig.signIn();
});
afterAll(() => rig.close());

const textOf = (answer: RestAnswer, name: string) => String(answer.body[name]);

async function create(name: string, options?: RestOptions): Promise<string> {
  return textOf(await call("create_container", { name }, options), "container");
}

async function listed(options?: RestOptions): Promise<Record<string, unknown>[]> {
  return (await call("list_containers", {}, options)).body["containers"] as never;
}

/** The headers of a client of another user. */
async function as(user: string, scope = scopes.join(" ")): Promise<RestOptions> {
  const claims = { sub: user, client_id: "k", client_name: "k", scope };
  return { headers: { Authorization: `Bearer ${await mintToken(TEST_REALM, "local", claims)}` } };
}

async function pageStatus(container: string): Promise<number> {
  const answer = await rig.fromPage(`/auth/me?container=${container}`, { headers: { Cookie } });
  await answer.text();
  return answer.status;
}

async function keysOf(container: string): Promise<string[]> {
  const rows = await rig.worker.query("EMBEDDED_REDIS", "store", "SELECT key FROM keys");
  return rows.map(({ key }) => String(key)).filter((key) => key.includes(container));
}

describe("containers by REST", () => {
  it("are created with a name and a page of their own, and listed with their state", async () => {
    const created = await call("create_container", { name: "  Second project " });
    const container = textOf(created, "container");
    expect(created).toMatchObject({
      status: 201,
      body: { name: "Second project", open_url: `${rig.page}/sandbox?container=${container}` },
    });
    expect(Date.parse(textOf(created, "created"))).toBeGreaterThan(Date.now() - 60_000);
    const own = await rig.container();
    const all = await listed();
    expect(all).toMatchObject([
      { container: own, name: "default", current: true, state: "waiting_for_tab" },
      { container, name: "Second project", current: false, state: "waiting_for_tab" },
    ]);
  });

  it("stand side by side, each with its own tab and files", async () => {
    const [first, second] = [await create("first"), await create("second")];
    const files = new Map(await Promise.all([first, second].map(open)));
    const write = (container: string) =>
      call("write_file", { path: "name.txt", content: container }, { container });
    await Promise.all([write(first), write(second)]);
    expect(files.get(first)?.get("name.txt")).toBe(first);
    expect(files.get(second)?.get("name.txt")).toBe(second);
    const states = (await listed()).filter(({ state }) => state === "ready");
    expect(states.map(({ container }) => container)).toEqual([first, second]);
    const status = await call("container_status", {}, { container: first });
    expect(status.body["open_url"]).toBe(`${rig.page}/sandbox?container=${first}`);
  });

  async function open(container: string): Promise<[string, Map<string, string>]> {
    const files = new Map<string, string>();
    await rig.attach(smallWorkspace(files), container);
    return [container, files];
  }

  it("are renamed", async () => {
    const container = await create("old");
    const renamed = await call("rename_container", { name: "new" }, { container });
    expect(renamed).toEqual({ status: 200, body: { container, name: "new" } });
    expect((await listed()).find((one) => one["container"] === container)?.["name"]).toBe("new");
  });

  it("are made without a word, too", async () => {
    const answer = await rig.api("/api/v1/containers", { method: "POST" });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ name: "untitled" });
  });

  it.each([{ name: "" }, { name: "x".repeat(65) }, { name: "a\u202eb" }, { nome: "x" }])(
    "are not made of %j",
    async (input) => {
      const refused = await call("create_container", input);
      expect(refused).toMatchObject({ status: 400, body: { code: "invalid_input" } });
    },
  );

  it("are at most so many, each user's alone", async () => {
    const ada = await as("ada");
    for (let count = 0; count < CONTAINERS_MAX; count += 1) await create(`no. ${count}`, ada);
    const refused = await call("create_container", { name: "one more" }, ada);
    expect(refused).toMatchObject({ status: 409, body: { code: "too_many_containers" } });
    expect(await listed(ada)).toHaveLength(CONTAINERS_MAX);
    expect((await call("create_container", {}, await as("grace"))).status).toBe(201);
    const [first] = await listed(ada);
    await call("delete_container", {}, { ...ada, container: String(first?.["container"]) });
    expect((await call("create_container", { name: "again" }, ada)).status).toBe(201);
  });

  it("ask for their own scopes", async () => {
    const reader = await as("local", "containers:read");
    expect((await call("list_containers", {}, reader)).status).toBe(200);
    for (const [id, input] of [
      ["create_container", {}],
      ["rename_container", { name: "x" }],
      ["delete_container", {}],
    ] as const) {
      const refused = await call(id, input, reader);
      expect(refused).toMatchObject({ status: 403, body: { code: "insufficient_scope" } });
    }
  });
});

describe("deleting a container", () => {
  it("closes its tab, ends its calls, and leaves nothing in store and relay [GONE-1] [GONE-2]", async () => {
    const container = await create("short-lived");
    const host = { host: "api.example.com" };
    await (await rig.postFromPage(`/auth/network/${container}`, host, { Cookie })).text();
    const tab = await rig.attach(() => new Promise(() => {}), container);
    const command = call("run_command", { command: "sleep 9" }, { container });
    const reading = call("list_files", {}, { container });
    const claimed = () => tab.received.some(({ type }) => type === "go");
    await expect.poll(claimed).toBe(true);
    expect((await keysOf(container)).length).toBeGreaterThanOrEqual(2);

    const deleted = await call("delete_container", {}, { container });
    expect(deleted).toEqual({ status: 200, body: { container, existed: true } });
    expect(await tab.closed).toMatchObject({ code: CloseCode.deleted });
    for (const answer of [await command, await reading]) {
      expect(answer).toMatchObject({ status: 410, body: { code: "container_deleted" } });
    }
    expect(await keysOf(container)).toEqual([`container:${container}:deleted`]);
    const tables = "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\'";
    expect(await rig.worker.query("CONTAINER_RELAY", container, tables)).toEqual([]);
    expect((await listed()).map((one) => one["container"])).not.toContain(container);
  });

  it("is done once, and said twice; the owner's calls and pages hear of it [GONE-3]", async () => {
    const container = await create("twice");
    const ticket = await rig.ticket(container);
    await call("delete_container", {}, { container });
    const again = await call("delete_container", {}, { container });
    expect(again).toEqual({ status: 200, body: { container, existed: false } });
    for (const id of ["container_status", "list_files"]) {
      const refused = await call(id, {}, { container });
      expect(refused).toMatchObject({ status: 410, body: { code: "container_deleted" } });
    }
    expect((await call("rename_container", { name: "x" }, { container })).status).toBe(410);
    expect(await pageStatus(container)).toBe(410);
    const refused = await rig.postFromPage("/auth/tickets", { container }, { Cookie });
    expect(refused.status).toBe(410);
    await refused.text();
    await expect(rig.openTab(container, ticket)).rejects.toThrow(/did not open/);
  });

  it("wants the id: `current` is another one afterwards", async () => {
    const refused = await call("delete_container");
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_input" } });
  });

  it("of the user's own makes the next one `current`", async () => {
    const bob = await as("bob");
    const [first, second] = [await create("first", bob), await create("second", bob)];
    expect((await call("container_status", {}, bob)).body["container"]).toBe(first);
    await call("delete_container", {}, { ...bob, container: first });
    expect((await call("container_status", {}, bob)).body["container"]).toBe(second);
    await call("delete_container", {}, { ...bob, container: second });
    const fresh = (await call("container_status", {}, bob)).body["container"];
    expect([first, second]).not.toContain(fresh);
    expect(await listed(bob)).toHaveLength(1);
  });
});

describe("another user's container", () => {
  it("cannot be told from one that never was, whatever is asked, deleted or not", async () => {
    const mallory = await as("mallory");
    const [foreign, deleted] = [await create("mine"), await create("deleted")];
    await call("delete_container", {}, { container: deleted });
    const never = `c_${"0".repeat(32)}`;
    const before = await listed();
    for (const [id, input] of [
      ["container_status", {}],
      ["list_files", {}],
      ["rename_container", { name: "taken" }],
      ["delete_container", {}],
    ] as const) {
      const seen = [];
      for (const container of [foreign, deleted, never]) {
        const { status, body } = await call(id, input, { ...mallory, container });
        expect([status, body["code"]]).toEqual([404, "container_not_found"]);
        const { instance: _, ...rest } = body;
        seen.push(JSON.stringify(rest).replaceAll(container, "ID"));
      }
      expect(new Set(seen).size).toBe(1);
    }
    expect(await listed()).toEqual(before);
    expect(await listed(mallory)).toEqual([]);
  });

  it("is not told to be deleted to another user's page", async () => {
    const [mine, deleted] = [await create("mine"), await create("deleted")];
    const ask = async (cookie: string) => {
      const containers = [mine, deleted, "c_unknown"];
      const answer = await rig.postFromPage(
        "/auth/deleted-containers",
        { containers },
        { Cookie: cookie },
      );
      return { status: answer.status, body: await answer.json() };
    };
    await call("delete_container", {}, { container: deleted });
    expect(await ask(Cookie)).toEqual({ status: 200, body: { deleted: [deleted] } });
    const { cookie: other } = await Person.signIn(rig, "mallory");
    expect(await ask(other)).toEqual({ status: 200, body: { deleted: [] } });
    expect((await ask("")).status).toBe(401);
  });

  it("opens in no page of mine", async () => {
    const foreign = await create("hers", await as("eve"));
    expect(await pageStatus(foreign)).toBe(404);
    expect(await pageStatus(await create("mine too"))).toBe(200);
  });
});

it("the page's address keeps the container on the way to its one host", async () => {
  const asked = `http://localhost:${rig.worker.url.port}/sandbox?container=c_1`;
  const answer = await rig.worker.fetch(asked, { redirect: "manual" });
  expect(answer.headers.get("Location")).toBe(`${rig.page}/sandbox?container=c_1`);
  await answer.text();
});
