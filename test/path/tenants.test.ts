import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isIn, type Operation, type Scope, scopes } from "#protocol/operation.ts";
import { findOperation, operationNames } from "#protocol/registry.ts";
import { bearer, logIn, Person } from "#test/support/accounts.ts";
import { bearerRoutes } from "#test/support/bearer-routes.ts";
import { doors } from "#test/support/doors.ts";
import { EdgeRig, TEST_REALM } from "#test/support/edge-rig.ts";
import { failureOf, type ToolResult } from "#test/support/face-errors.ts";
import { postMcp } from "#test/support/mcp-post.ts";
import { smallWorkspace } from "#test/support/small-workspace.ts";
import { mintToken, verifyToken } from "#worker/identity/tokens.ts";

/*
 * Every route and every tool, as the registry and the list of routes name them, with every kind of
 * token: what is not one's own cannot be told from what does not exist.
 */

const REFUSALS = [
  "unauthenticated",
  "insufficient_scope",
  "container_not_found",
  "session_not_found",
];
const UNKNOWN = "0".repeat(32);

let rig: EdgeRig;
let ada: Person;
let mallory: Person;
/** Of ada, who has a tab. */
let container: string;
let session: string;
let own: string;
/** Of ada too, each with one scope alone. */
const narrow = new Map<Scope, string>();
/** What must be refused as nobody's. */
const nobodys = new Map<string, string | null>();
let foreign: string;

beforeAll(async () => {
  rig = await EdgeRig.start();
  container = await rig.container();
  ada = await Person.signIn(rig, "local");
  mallory = await Person.signIn(rig, "mallory");
  const given = await ada.newKey(scopes, container);
  own = given.key;
  session = given.session;
  foreign = (await mallory.newKey(scopes)).key;
  for (const scope of ["files:read", "terminal:run"] as const) {
    narrow.set(scope, (await ada.newKey([scope], container)).key);
  }
  const revoked = await ada.newKey(scopes, container);
  const traded = await logIn(rig, revoked.key);
  const { access_token: access } = await logIn(rig, own);
  const {
    issuedAt,
    expiresAt: _,
    scope,
    ...claims
  } = await verifyToken(TEST_REALM, "access", access);
  const late = { now: issuedAt - 901 };
  const text = { ...claims, scope: scope.join(" ") };
  await (await ada.page("DELETE", `/auth/api-keys/${revoked.id}`)).text();
  nobodys
    .set("none", null)
    .set("expired", await mintToken(TEST_REALM, "access", text, late))
    .set("revoked", revoked.key)
    .set("traded for a revoked one", traded.access_token)
    .set("a cookie's", ada.cookie.replace("__Host-disco=", ""))
    .set("of another issuer", await mintToken({ ...TEST_REALM, issuer: "x" }, "access", text));
  // Read as a resource, it is asked for in base64.
  await rig.attach(smallWorkspace(new Map([["resource.txt", btoa("a")]])));
});
afterAll(() => rig.close());

interface Seen {
  readonly status: number;
  readonly text: string;
}

/** What an answer says, without what differs by chance. */
async function see(
  token: string | null,
  method: string,
  path: string,
  body: object | undefined,
): Promise<Seen> {
  const headers = { ...(token !== null && bearer(token)), "Content-Type": "application/json" };
  const answer = await rig.worker.fetch(path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = (await answer.text()).replace(/"instance":"[^"]*"/, '"instance":""');
  return { status: answer.status, text };
}

const codeOf = ({ text }: Seen): string => (JSON.parse(text) as { code: string }).code;

const named = bearerRoutes.filter(({ path }) => path.includes("{id}"));
const idsOf = { container: () => container, session: () => session };

// First, while the tab that sends no heartbeat still counts as attached.
it("reads files as resources for their own user alone", async () => {
  const read = (token: string, id: string) =>
    postMcp(rig, token, "resources/read", { uri: `disco://container/${id}/file/resource.txt` });
  const mine = await read(own, container);
  expect(mine.result, mine.error?.message).toBeDefined();
  const theirs = await read(foreign, container);
  const unknown = await read(foreign, `c_${UNKNOWN}`);
  expect(theirs.result).toBeUndefined();
  expect(JSON.stringify(theirs.error).replaceAll(container, "ID")).toBe(
    JSON.stringify(unknown.error).replaceAll(`c_${UNKNOWN}`, "ID"),
  );
});

describe("every route of the REST face", () => {
  it.each(bearerRoutes)("$id refuses what is nobody's token", async (route) => {
    const path = (id: string) => route.path.replace("{id}", id);
    for (const [what, token] of nobodys) {
      const seen = await see(token, route.method, path(idsOf[route.names]()), route.body);
      expect([seen.status, codeOf(seen)], what).toEqual([401, "unauthenticated"]);
      const unknown = await see(token, route.method, path(`c_${UNKNOWN}`), route.body);
      expect(unknown, what).toEqual(seen);
    }
  });

  it.each(bearerRoutes.filter(({ scope }) => scope !== "any"))(
    "$id refuses a token without its scope",
    async (route) => {
      const other = route.scope === "files:read" ? "terminal:run" : "files:read";
      const token = narrow.get(other) ?? "";
      const path = (id: string) => route.path.replace("{id}", id);
      const seen = await see(token, route.method, path(idsOf[route.names]()), route.body);
      expect([seen.status, codeOf(seen)]).toEqual([403, "insufficient_scope"]);
      expect(await see(token, route.method, path(`c_${UNKNOWN}`), route.body)).toEqual(seen);
    },
  );

  it.each(named)("$id tells another user nothing, not even that it is there", async (route) => {
    const id = idsOf[route.names]();
    const unknown = id.replace(/_.*/, `_${UNKNOWN}`);
    const ask = async (one: string): Promise<Seen> => {
      const seen = await see(foreign, route.method, route.path.replace("{id}", one), route.body);
      return { ...seen, text: seen.text.replaceAll(one, "ID") };
    };
    const seen = await ask(id);
    expect(seen).toEqual(await ask(unknown));
    // Ending what is not there is no error; everything else is.
    if (route.id !== "end_session") expect(seen.status).toBe(404);
  });

  it.each(bearerRoutes.filter(({ path }) => !path.includes("{id}")))(
    "$id shows another user only their own",
    async (route) => {
      const { text } = await see(foreign, route.method, route.path, route.body);
      for (const secret of [container, session]) expect(text).not.toContain(secret);
    },
  );

  it.each(named.filter(({ id }) => !/delete_container|end_session/.test(id)))(
    "$id serves its own user",
    async (route) => {
      const path = route.path.replace("{id}", idsOf[route.names]());
      const seen = await see(own, route.method, path, route.body);
      const code = seen.status === 200 ? "" : codeOf(seen);
      for (const refusal of REFUSALS) expect(code).not.toBe(refusal);
    },
  );
});

describe("every tool", () => {
  const tools = operationNames
    .map((name) => findOperation(name) as Operation)
    .filter((operation) => isIn(operation, "mcp"));
  const call = async (token: string | null, operation: Operation, id: string) =>
    postMcp<ToolResult>(rig, token, "tools/call", {
      name: operation.name,
      arguments: { ...operation.example, container: id },
    });
  const failed = async (token: string, operation: Operation, id: string) => {
    const { result } = await call(token, operation, id);
    return failureOf(result as ToolResult);
  };

  it.each(tools)("$name refuses what is nobody's token", async (operation) => {
    for (const [what, token] of nobodys) {
      const answer = await call(token, operation, container);
      expect(answer.status, what).toBe(401);
      expect(answer.result, what).toBeUndefined();
    }
  });

  it.each(tools)("$name tells neither without its scope nor to another user", async (operation) => {
    const other = operation.scope === "files:read" ? "terminal:run" : "files:read";
    const seen = await failed(narrow.get(other) ?? "", operation, container);
    expect(seen).toMatchObject({ isError: true, code: "insufficient_scope" });
    const { result } = await call(narrow.get(other) ?? "", operation, container);
    const challenge = `error="insufficient_scope", scope="${operation.scope}"`;
    const challenges = { "mcp/www_authenticate": [expect.stringContaining(challenge)] };
    expect(result).toMatchObject({ _meta: challenges });
    const theirs = await failed(foreign, operation, container);
    const unknown = await failed(foreign, operation, `c_${UNKNOWN}`);
    expect(theirs).toMatchObject({ isError: true, code: "container_not_found" });
    expect(theirs.text.replaceAll(container, "ID")).toBe(
      unknown.text.replaceAll(`c_${UNKNOWN}`, "ID"),
    );
  });
});

describe("every route of the page", () => {
  it.each(doors.person)("%s is for the person in the page alone", async (route) => {
    const [method = "", pattern = ""] = route.split(" ");
    const path = pattern.replace(":container", container).replace(":session", session);
    const ask = async (Cookie: string, Origin: string): Promise<[number, string]> => {
      const answer = await rig.worker.fetch(path, {
        method,
        headers: { Cookie, Origin, "Content-Type": "application/json" },
        ...(method !== "GET" && { body: "{}" }),
      });
      return [answer.status, codeOf({ status: answer.status, text: await answer.text() })];
    };
    expect(await ask("", rig.page)).toEqual([401, "unauthenticated"]);
    expect(await ask("__Host-disco=nonsense", rig.page)).toEqual([401, "unauthenticated"]);
    for (const origin of ["https://evil.example", "https://claude.ai", "null"]) {
      expect(await ask(ada.cookie, origin)).toEqual([403, "origin_not_allowed"]);
    }
  });

  const routes: readonly [Parameters<Person["page"]>[0], string, object?][] = [
    ["GET", "/auth/network/{container}"],
    ["POST", "/auth/network/{container}", { host: "api.example.com" }],
    ["DELETE", "/auth/network/{container}", { host: "api.example.com" }],
    ["POST", "/auth/network/{container}/token"],
    ["GET", "/auth/git/{container}"],
    ["GET", "/auth/me?container={container}"],
    ["POST", "/auth/tickets", { container: "{container}" }],
    ["PUT", "/auth/sessions/{session}", { container: "new" }],
    ["POST", "/auth/api-keys", { name: "k", scopes: ["files:read"], container: "{container}" }],
  ];

  it.each(routes)("%s %s tells another person nothing", async (...[method, path, body]) => {
    const ask = async (ids: { container: string; session: string }) => {
      const fill = (text: string) =>
        text.replace("{container}", ids.container).replace("{session}", ids.session);
      const sent = body && (JSON.parse(fill(JSON.stringify(body))) as object);
      const answer = await mallory.page(method, fill(path), sent);
      const text = (await answer.text())
        .replace(/"instance":"[^"]*"/, '"instance":""')
        .replaceAll(ids.container, "ID")
        .replaceAll(ids.session, "ID");
      return { status: answer.status, text };
    };
    const theirs = await ask({ container, session });
    expect(theirs.status).toBe(404);
    expect(theirs).toEqual(await ask({ container: `c_${UNKNOWN}`, session: `s_${UNKNOWN}` }));
  });
});

it("opens a relay's socket with a ticket for it alone [OPEN-3]", async () => {
  const { containers } = await mallory.account();
  const theirs = containers[0]?.id ?? "";
  const answer = await mallory.page("POST", "/auth/tickets", { container: theirs });
  const { ticket } = (await answer.json()) as { ticket: string };
  for (const id of [container, `c_${UNKNOWN}`]) {
    await expect(rig.openTab(id, ticket)).rejects.toThrow("The socket did not open.");
  }
  await (await rig.openTab(theirs, ticket)).close();
});
