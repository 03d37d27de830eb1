import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EdgeRig } from "#test/support/edge-rig.ts";
import { OAuthRig, pkcePair, REDIRECT } from "#test/support/oauth-rig.ts";
import { registrationLimits } from "#worker/identity/oauth/registration-limits.ts";

const STORE = ["EMBEDDED_REDIS", "store"] as const;
const address = (last: number) => ({ "CF-Connecting-IP": `203.0.113.${last}` });

let rig: OAuthRig;
beforeAll(async () => {
  rig = await OAuthRig.start();
});
afterAll(() => rig.close());

const metadata = { redirect_uris: [REDIRECT], token_endpoint_auth_method: "none" };

async function register(body: object | string, headers: Record<string, string> = address(1)) {
  const answer = await rig.edge.worker.fetch(`${rig.app}/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

/** Milliseconds since the epoch at which the client's record ends. */
async function endOf(client: string): Promise<number> {
  const key = `oauth:record:client:${client}`;
  const [row] = await rig.edge.worker.query(
    ...STORE,
    `SELECT expires_at FROM keys WHERE key = '${key}'`,
  );
  return Number(row?.["expires_at"]);
}

describe("registration", () => {
  it("outlives the worker's object, and lasts a day until a person has said yes", async () => {
    const { status, body } = await register({ ...metadata, client_name: "A client" });
    expect(status).toBe(201);
    const id = body["client_id"] ?? "";
    const day = Date.now() + registrationLimits.unusedTtlS * 1_000;
    expect(await endOf(id)).toBeLessThanOrEqual(day);
    await rig.edge.worker.evict(...STORE, "close");
    const tokens = await rig.tokens(id);
    expect(await rig.statusWith(tokens.access_token)).toBe(200);
    expect(await endOf(id)).toBeGreaterThan(day + 20 * 24 * 3_600_000);
  });

  it("gives a secret to a client that wants one, and takes no other", async () => {
    const { body } = await register({
      ...metadata,
      token_endpoint_auth_method: "client_secret_post",
    });
    const { client_id: id = "", client_secret: secret = "" } = body;
    expect(secret).toHaveLength(32);
    const { code, verifier } = await rig.code(id);
    for (const wrong of [{}, { client_secret: "guessed" }]) {
      const answer = await rig.redeem(id, code, verifier, wrong);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ error: "invalid_client" });
    }
    const answer = await rig.redeem(id, code, verifier, { client_secret: secret });
    expect(answer.status).toBe(200);
    await answer.text();
  });

  it.each<[string, object | string]>([
    ["no JSON", "redirect_uris=https://client.example/"],
    ["no object", []],
    ["no redirect_uris", { client_name: "x" }],
    ["an empty list", { ...metadata, redirect_uris: [] }],
    ["plain http", { ...metadata, redirect_uris: ["http://client.example/"] }],
    ["a script", { ...metadata, redirect_uris: ["javascript:alert(1)"] }],
    ["a fragment", { ...metadata, redirect_uris: [`${REDIRECT}#x`] }],
    ["a user name", { ...metadata, redirect_uris: ["https://a@client.example/"] }],
    ["text where a list belongs", { ...metadata, redirect_uris: REDIRECT }],
    ["a long name", { ...metadata, client_name: "x".repeat(201) }],
    ["another grant", { ...metadata, grant_types: ["client_credentials"] }],
    ["another way to authenticate", { ...metadata, token_endpoint_auth_method: "tls_client_auth" }],
    ["a long body", { ...metadata, padding: "x".repeat(20_000) }],
  ])("refuses %s", async (_what, body) => {
    const answer = await register(body, address(2));
    expect([400, 413]).toContain(answer.status);
    expect(answer.body["error"]).toMatch(/^invalid_(client_metadata|request|redirect_uri)$/);
    expect(answer.body["client_id"]).toBeUndefined();
  });

  it("is bounded for each address, whatever it registers at the same time", async () => {
    const { perAddress } = registrationLimits;
    const flood = await Promise.all(
      Array.from({ length: perAddress + 10 }, () => register(metadata, address(3))),
    );
    expect(flood.filter(({ status }) => status === 201)).toHaveLength(perAddress);
    expect(flood.filter(({ status }) => status === 429)).toHaveLength(10);
    expect(flood.find(({ status }) => status === 429)?.body).toMatchObject({
      error: "temporarily_unavailable",
    });
    expect((await register(metadata, address(4))).status).toBe(201);
  });

  it("counts a network of IP version 6 as one address", async () => {
    const { perAddress } = registrationLimits;
    const from = (ip: string) => register(metadata, { "CF-Connecting-IP": ip });
    const flood = await Promise.all(
      Array.from({ length: perAddress + 1 }, (_, index) => from(`2001:db8:1:2::${index}`)),
    );
    expect(flood.filter(({ status }) => status === 429)).toHaveLength(1);
    expect((await from("2001:db8:1:3::1")).status).toBe(201);
  });

  it("is bounded for all addresses together", async () => {
    const day = Math.floor(Date.now() / 86_400_000);
    const key = `oauth:registrations:${day}`;
    const full = `UPDATE keys SET value = '${registrationLimits.perDay}' WHERE key = '${key}'`;
    await rig.edge.worker.query(...STORE, full);
    expect((await register(metadata, address(5))).status).toBe(429);
    // Whoever is registered already goes on.
    await rig.edge.worker.query(...STORE, `UPDATE keys SET value = '0' WHERE key = '${key}'`);
    expect((await register(metadata, address(5))).status).toBe(201);
  });
});

describe("a client that the deployment was configured with", () => {
  const secret = "a-secret-of-the-client-with-32-characters";
  let configured: OAuthRig;
  beforeAll(async () => {
    const clients = [
      { client_id: "open-client", client_name: "Open", redirect_uris: [REDIRECT] },
      {
        client_id: "sealed",
        client_name: "Sealed",
        redirect_uris: [REDIRECT],
        client_secret: secret,
      },
    ];
    const vars = { DISCO_OAUTH_CLIENTS: JSON.stringify(clients) };
    configured = await OAuthRig.start(await EdgeRig.start(undefined, vars));
  });
  afterAll(() => configured.close());

  it("needs no registration, and is held to its own address", async () => {
    const tokens = await configured.tokens("open-client");
    expect(await configured.statusWith(tokens.access_token)).toBe(200);
    const asked = { client_id: "open-client", code_challenge: pkcePair().challenge };
    const other = configured.authorizeUrl({ ...asked, redirect_uri: "https://evil.example/" });
    const answer = await configured.browser.open(other);
    expect([answer.status, answer.headers.get("Location")]).toEqual([400, null]);
    await answer.text();
  });

  it("proves itself with its secret, in the header", async () => {
    const { code, verifier } = await configured.code("sealed");
    const redeem = (credentials: string) =>
      configured.postForm(
        "/token",
        { grant_type: "authorization_code", code, code_verifier: verifier },
        { Authorization: `Basic ${btoa(credentials)}` },
      );
    for (const wrong of ["sealed:guessed", `open-client:${secret}`, "sealed:"]) {
      expect((await redeem(wrong)).status, wrong).toBeGreaterThanOrEqual(400);
    }
    expect((await redeem(`sealed:${secret}`)).status).toBe(200);
  });
});
