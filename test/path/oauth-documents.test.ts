import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NamedHosts } from "#test/support/named-hosts.ts";
import { OAuthRig, pkcePair } from "#test/support/oauth-rig.ts";
import { DOCUMENTS_KEPT_MAX } from "#worker/identity/oauth/client-directory.ts";

const HOST = "chat.example";
const REDIRECT = `https://${HOST}/callback`;

let rig: OAuthRig;
let hosts: NamedHosts;
beforeAll(async () => {
  rig = await OAuthRig.start();
  hosts = await NamedHosts.start(HOST, "other.example");
});
beforeEach(() => {
  hosts.requests.length = 0;
});
afterAll(async () => {
  await hosts.close();
  await rig.close();
});

let count = 0;
/** Each test has a document of its own: they are remembered for a while. */
const newPath = (): string => `/client-${(count += 1)}.json`;
const idOf = (path: string): string => `https://${HOST}${path}`;
const documentOf = (path: string, more: object = {}): object => ({
  client_id: idOf(path),
  client_name: "Chat",
  redirect_uris: [REDIRECT, "http://127.0.0.1/callback", "chat:/callback"],
  token_endpoint_auth_method: "none",
  ...more,
});

async function ask(id: string, redirect = REDIRECT) {
  const asked = { client_id: id, redirect_uri: redirect, code_challenge: pkcePair().challenge };
  const answer = await rig.browser.open(rig.authorizeUrl(asked));
  return { status: answer.status, text: await answer.text(), to: answer.headers.get("Location") };
}

describe("a client that a document describes", () => {
  it("gets a token without registering, and the page names its host", async () => {
    const path = newPath();
    hosts.serve({ [path]: documentOf(path) });
    const { status, text } = await ask(idOf(path));
    expect(status).toBe(200);
    expect(text).toContain(`described by <strong>${HOST}</strong>`);
    const { code, verifier } = await rig.code(idOf(path), { redirect_uri: REDIRECT });
    const answer = await rig.redeem(idOf(path), code, verifier, { redirect_uri: REDIRECT });
    expect(answer.status).toBe(200);
    const { access_token } = (await answer.json()) as { access_token: string };
    expect(await rig.statusWith(access_token)).toBe(200);
    // Read once for all of that.
    expect(hosts.requests).toHaveLength(1);
    expect(hosts.requests[0]?.headers).not.toHaveProperty("cookie");
    expect(hosts.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  it("may come with any port on loopback, and with no other address than it lists", async () => {
    const path = newPath();
    hosts.serve({ [path]: documentOf(path) });
    expect((await ask(idOf(path), "http://127.0.0.1:4711/callback")).status).toBe(200);
    for (const uri of ["https://other.example/callback", "chat:/callback", `${REDIRECT}/x`]) {
      expect(await ask(idOf(path), uri)).toMatchObject({ status: 400, to: null });
    }
  });

  it.each<[string, (path: string) => object | string]>([
    ["names another client", (path) => documentOf(path, { client_id: idOf("/other.json") })],
    ["names itself in another way", (path) => documentOf(path, { client_id: `${idOf(path)}#` })],
    ["has no name", (path) => documentOf(path, { client_name: " " })],
    ["holds a secret", (path) => documentOf(path, { client_secret: "secret" })],
    [
      "has no address that we send codes to",
      (path) => documentOf(path, { redirect_uris: ["x:/"] }),
    ],
    [
      "wants to authenticate in another way",
      (path) => documentOf(path, { token_endpoint_auth_method: "private_key_jwt" }),
    ],
    ["is too long", (path) => documentOf(path, { padding: "x".repeat(6_000) })],
    ["is no JSON", () => "<html></html>"],
    ["is a list", () => []],
  ])("is refused when the document %s", async (_what, make) => {
    const path = newPath();
    hosts.serve({ [path]: make(path) });
    const { status, to } = await ask(idOf(path));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(to).toBeNull();
  });

  it("is refused when the document is answered with a redirect, an error or another type", async () => {
    const path = newPath();
    const good = JSON.stringify(documentOf(path));
    for (const [status, headers] of [
      [302, { Location: "http://169.254.169.254/latest/meta-data/" }],
      [301, { Location: `https://other.example${path}` }],
      [404, { "Content-Type": "application/json" }],
      [200, { "Content-Type": "text/html" }],
    ] as const) {
      hosts.respond = (_request, response) => response.writeHead(status, headers).end(good);
      expect((await ask(idOf(path))).status, String(status)).toBeGreaterThanOrEqual(400);
    }
    expect(hosts.requests.map(({ url }) => url)).toEqual([path, path, path, path]);
    expect(hosts.requests.every(({ headers }) => headers["x-asked-host"] === HOST)).toBe(true);
  });

  it("is refused at the token endpoint too, in OAuth's own words", async () => {
    const answer = await rig.redeem("https://10.0.0.1/client.json", "code", "verifier");
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: "invalid_client" });
  });
});

describe("what is kept of a document", () => {
  const STORE = ["EMBEDDED_REDIS", "store"] as const;
  const kept = () =>
    rig.edge.worker.query(
      ...STORE,
      "SELECT value, expires_at FROM keys WHERE key LIKE 'oauth:document:%'",
    );

  it("is what makes a client, for ten minutes at most, whatever it says", async () => {
    const path = newPath();
    const text = JSON.stringify(documentOf(path, { padding: "x".repeat(4_000) }));
    hosts.respond = (_request, response) => {
      const headers = { "Content-Type": "application/json", "Cache-Control": "max-age=86400" };
      response.writeHead(200, headers).end(text);
    };
    expect((await ask(idOf(path))).status).toBe(200);
    const row = (await kept()).find(({ value }) => String(value).includes(path));
    expect(JSON.parse(String(row?.["value"]))).toEqual({
      client_id: idOf(path),
      client_name: "Chat",
      redirect_uris: [REDIRECT, "http://127.0.0.1/callback"],
    });
    expect(Number(row?.["expires_at"])).toBeLessThanOrEqual(Date.now() + 600_000);
  });

  it("is nothing when many were kept just now; the client comes in all the same", async () => {
    const path = newPath();
    hosts.serve({ [path]: documentOf(path) });
    const period = Math.floor(Date.now() / 600_000);
    const full = [period, period + 1].map(
      (one) => `('oauth:documents:${one}', 'string', '${DOCUMENTS_KEPT_MAX}', NULL)`,
    );
    const insert = "INSERT OR REPLACE INTO keys (key, type, value, expires_at) VALUES";
    await rig.edge.worker.query(...STORE, `${insert} ${full.join(", ")}`);
    expect((await ask(idOf(path))).status).toBe(200);
    const { length } = hosts.requests;
    expect((await ask(idOf(path))).status).toBe(200);
    expect(hosts.requests.length).toBeGreaterThan(length);
    expect(JSON.stringify(await kept())).not.toContain(path);
    await rig.edge.worker.query(...STORE, "DELETE FROM keys WHERE key LIKE 'oauth:documents:%'");
  });
});

describe("the address of a document", () => {
  it.each([
    "https://127.0.0.1/client.json",
    "https://localhost/client.json",
    "https://10.0.0.1/client.json",
    "https://192.168.1.1/client.json",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/client.json",
    "https://[fd00::1]/client.json",
    "https://[::ffff:10.0.0.1]/client.json",
    "https://0x7f000001/client.json",
    "https://2130706433/client.json",
    "https://127.1/client.json",
    "https://metadata.google.internal/client.json",
    "https://router.lan/client.json",
    "https://printer.local/client.json",
    "https://intranet/client.json",
    "https://disco.localhost/client.json",
    "https://rt.disco.localhost/client.json",
    "https://host.disco.internal/client.json",
    "https://ada@chat.example/client.json",
    "https://chat.example/a/../client.json",
    "https://chat.example/%2e%2e/client.json",
    "https://chat.example/client.json#x",
    "https://chat.example\\client.json",
    "https://chat.example",
    "https://chat.example?x",
    "http://chat.example/client.json",
    "ftp://chat.example/client.json",
    "file:///etc/passwd",
  ])("is never asked for when it is %s", async (id) => {
    let asked = 0;
    const restore = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      asked += 1;
      return restore(input, init);
    };
    try {
      const { status, to } = await ask(id);
      expect(status).toBeGreaterThanOrEqual(400);
      expect([asked, hosts.requests.length, to]).toEqual([0, 0, null]);
    } finally {
      globalThis.fetch = restore;
    }
  });
});
