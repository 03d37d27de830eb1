import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, logIn, Person, postAuth, type Tokens } from "#test/support/accounts.ts";
import { EdgeRig, TEST_REALM } from "#test/support/edge-rig.ts";
import { problem, problemOf } from "#test/support/face-errors.ts";
import { keysOf, mintToken } from "#worker/identity/tokens.ts";

let rig: EdgeRig;
let ada: Person;

beforeAll(async () => {
  rig = await EdgeRig.start();
  ada = await Person.signIn(rig, "ada");
});
afterAll(() => rig.close());

const get = (path: string, token: string) => rig.worker.fetch(path, { headers: bearer(token) });
const statusOf = async (path: string, token: string): Promise<number> => {
  const answer = await get(path, token);
  await answer.text();
  return answer.status;
};
const VERIFY = "/api/v1/auth/verify";

describe("an API key", () => {
  it("is shown once, and afterwards only its beginning", async () => {
    const { key, id } = await ada.newKey(["files:read"]);
    expect(key).toMatch(/^disco_key_[0-9a-f]{32}_[\w-]{43}$/);
    const account = await ada.account();
    const listed = account.api_keys.find((one) => one.id === id);
    expect(listed).toMatchObject({
      name: "a key",
      prefix: key.slice(0, 18),
      scopes: ["files:read"],
    });
    expect(JSON.stringify(account)).not.toContain(key.slice(-43));
  });

  it("is a bearer token of its scopes", async () => {
    const { key, id, session } = await ada.newKey(["containers:read"]);
    const answer = await get(VERIFY, key);
    expect(await answer.json()).toMatchObject({
      user: { id: "ada" },
      client: { id, name: "a key" },
      scopes: ["containers:read"],
      session: { id: session, type: "api" },
    });
    expect(await statusOf("/api/v1/containers/current", key)).toBe(200);
    const refused = await get("/api/v1/files/current", key);
    expect(refused.headers.get("WWW-Authenticate")).toContain(
      'error="insufficient_scope", scope="files:read"',
    );
    expect(await problemOf(refused)).toMatchObject(problem("insufficient_scope"));
  });

  it("works no more once it is revoked, nor does what it was traded for", async () => {
    const { key, id } = await ada.newKey(["containers:read"]);
    const { access_token: access, refresh_token } = await logIn(rig, key);
    expect(await statusOf(VERIFY, access)).toBe(200);
    await (await ada.page("DELETE", `/auth/api-keys/${id}`)).text();
    expect([await statusOf(VERIFY, key), await statusOf(VERIFY, access)]).toEqual([401, 401]);
    const refreshed = await postAuth(rig, "refresh", { refresh_token });
    expect(await problemOf(refreshed)).toMatchObject(problem("unauthenticated"));
    const login = await postAuth(rig, "login", { api_key: key });
    expect(await problemOf(login)).toMatchObject(problem("unauthenticated"));
  });

  it("is nobody else's to revoke", async () => {
    const { key, id } = await ada.newKey(["containers:read"]);
    const eve = await Person.signIn(rig, "eve");
    const answer = await eve.page("DELETE", `/auth/api-keys/${id}`);
    expect(JSON.stringify(await answer.json())).not.toContain(id);
    expect(await statusOf(VERIFY, key)).toBe(200);
  });

  it.each([
    ["another secret", (key: string) => `${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`],
    ["another id", (key: string) => key.replace(/_[0-9a-f]{32}_/, `_${"0".repeat(32)}_`)],
    ["its beginning", (key: string) => key.slice(0, 42)],
  ])("is refused with %s", async (_, change) => {
    const { key } = await ada.newKey(["containers:read"]);
    expect(await statusOf(VERIFY, change(key))).toBe(401);
    const login = await postAuth(rig, "login", { api_key: change(key) });
    expect(await problemOf(login)).toMatchObject(problem("unauthenticated"));
  });

  it.each([
    ["without scopes", { name: "k", scopes: [], container: "new" }],
    ["with a scope that there is not", { name: "k", scopes: ["admin"], container: "new" }],
    ["without a name", { name: " ", scopes: ["files:read"], container: "new" }],
  ])("is not made %s", async (_, body) => {
    const answer = await ada.page("POST", "/auth/api-keys", body);
    expect(await problemOf(answer)).toMatchObject(problem("invalid_input"));
  });

  it("is not made for somebody else's container", async () => {
    const container = await rig.container();
    const body = { name: "k", scopes: ["files:read"], container };
    const answer = await ada.page("POST", "/auth/api-keys", body);
    expect(await problemOf(answer)).toMatchObject(problem("container_not_found"));
  });
});

describe("login", () => {
  it("gives an access token of 15 minutes, signed by the key that is published", async () => {
    const { key } = await ada.newKey(["containers:read", "files:read"]);
    const answer = await postAuth(rig, "login", { api_key: key });
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const tokens = (await answer.json()) as Tokens;
    expect(tokens).toMatchObject({
      token_type: "Bearer",
      expires_in: 900,
      scope: "containers:read files:read",
    });
    const [head = ""] = tokens.access_token.split(".");
    const [signer] = await keysOf(TEST_REALM, "access");
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toEqual({
      alg: "EdDSA",
      typ: "at+jwt",
      kid: signer?.kid,
    });
    expect(await statusOf("/api/v1/containers/current", tokens.access_token)).toBe(200);
  });

  it("takes the key from the body only", async () => {
    const { key } = await ada.newKey(["containers:read"]);
    const answer = await rig.worker.fetch(`/api/v1/auth/login?api_key=${key}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    expect(await problemOf(answer)).toMatchObject(problem("invalid_input"));
  });

  it("has an access token that ends with its session, its login and its time", async () => {
    const claims = { sub: "ada", client_id: "k", client_name: "k", scope: "files:read" };
    const none = { sid: "s_0123456789abcdef", family: "f_0123456789abcdef" };
    const invented = await mintToken(TEST_REALM, "access", { ...claims, ...none });
    expect(await statusOf(VERIFY, invented)).toBe(401);
    const { session, id } = await ada.newKey(["files:read"]);
    const real = { ...claims, client_id: id, sid: session, family: none.family };
    expect(await statusOf(VERIFY, await mintToken(TEST_REALM, "access", real))).toBe(401);
    const now = Math.floor(Date.now() / 1_000) - 901;
    expect(await statusOf(VERIFY, await mintToken(TEST_REALM, "access", real, { now }))).toBe(401);
  });
});

describe("refresh", () => {
  const refresh = async (refresh_token: string) => {
    const answer = await postAuth(rig, "refresh", { refresh_token });
    return { status: answer.status, ...((await answer.json()) as Tokens & { detail?: string }) };
  };

  it("gives the next tokens, and ends the login when an old one comes back", async () => {
    const { key } = await ada.newKey(["containers:read"]);
    const first = await logIn(rig, key);
    const second = await refresh(first.refresh_token);
    expect(second.status).toBe(200);
    const third = await refresh(second.refresh_token);
    expect(await statusOf(VERIFY, third.access_token)).toBe(200);
    expect(await refresh(first.refresh_token)).toMatchObject({
      status: 401,
      detail: "The refresh token was used before, so the login has ended.",
    });
    expect((await refresh(third.refresh_token)).status).toBe(401);
    expect(await statusOf(VERIFY, third.access_token)).toBe(401);
    expect(await statusOf(VERIFY, key)).toBe(200);
  });

  it("rotates once, however many come with one token at the same time", async () => {
    const { key } = await ada.newKey(["containers:read"]);
    const { refresh_token } = await logIn(rig, key);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1);
  });

  it("has nothing to give after the logout", async () => {
    const { key } = await ada.newKey(["containers:read"]);
    const { refresh_token, access_token } = await logIn(rig, key);
    const out = await postAuth(rig, "logout", { refresh_token });
    expect([out.status, await out.text()]).toEqual([204, ""]);
    expect((await refresh(refresh_token)).status).toBe(401);
    expect(await statusOf(VERIFY, access_token)).toBe(401);
  });
});

describe("/api/v1/auth/status", () => {
  it("says whether a token counts, and how to get one", async () => {
    const asked = async (headers: Record<string, string>) =>
      (await rig.worker.fetch("/api/v1/auth/status", { headers })).json();
    const methods = ["local_token", "api_key"];
    expect(await asked({})).toEqual({ authenticated: false, methods });
    expect(await asked(bearer("nonsense"))).toEqual({ authenticated: false, methods });
    expect(await asked(rig.auth)).toEqual({ authenticated: true, methods });
  });
});
