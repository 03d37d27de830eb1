import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OAuthRig, type Tokens } from "#test/support/oauth-rig.ts";

let rig: OAuthRig;
let client: string;
beforeAll(async () => {
  rig = await OAuthRig.start();
  client = await rig.register();
});
afterAll(() => rig.close());

async function refreshed(token: string, more: Record<string, string> = {}, as = client) {
  const answer = await rig.refresh(as, token, more);
  return { status: answer.status, tokens: (await answer.json()) as Tokens & { error?: string } };
}

describe("a refresh token", () => {
  it("gives a new pair, again and again, and narrower scopes when they are asked for", async () => {
    let { refresh_token: token } = await rig.tokens(client);
    for (let index = 0; index < 4; index += 1) {
      const { status, tokens } = await refreshed(token);
      expect(status).toBe(200);
      expect(tokens.refresh_token).not.toBe(token);
      expect(await rig.statusWith(tokens.access_token)).toBe(200);
      token = tokens.refresh_token;
    }
    const { tokens } = await refreshed(token, { scope: "files:read" });
    expect(tokens.scope).toBe("files:read");
  });

  it("makes one successor, however many ask at once: the same request gets the same answer", async () => {
    const { refresh_token: token } = await rig.tokens(client);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refreshed(token)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ tokens }) => tokens.refresh_token)).size).toBe(1);
    expect(new Set(answers.map(({ tokens }) => tokens.access_token)).size).toBe(1);
    // A client whose connection broke asks again, and goes on.
    const again = await refreshed(token);
    expect(again.tokens.refresh_token).toBe(answers[0]?.tokens.refresh_token);
    expect((await refreshed(again.tokens.refresh_token)).status).toBe(200);
  });

  it("that was rotated ends everything when it is used in another way", async () => {
    const { refresh_token: stolen } = await rig.tokens(client);
    const { tokens } = await refreshed(stolen);
    // Not the request that the client sent: a scope of its own.
    const thief = await refreshed(stolen, { scope: "files:read" });
    expect([thief.status, thief.tokens.error]).toEqual([400, "invalid_grant"]);
    expect(await rig.statusWith(tokens.access_token)).toBe(401);
    expect((await refreshed(tokens.refresh_token)).status).toBe(400);
  }, 20_000);

  it("of two rotations ago ends everything", async () => {
    const first = await rig.tokens(client);
    const second = await refreshed(first.refresh_token);
    const third = await refreshed(second.tokens.refresh_token);
    const scope = { scope: "files:read files:write" };
    expect((await refreshed(first.refresh_token, scope)).status).toBe(400);
    expect(await rig.statusWith(third.tokens.access_token)).toBe(401);
    expect((await refreshed(third.tokens.refresh_token)).status).toBe(400);
  });

  it("is of no use to another client, which does not end the grant with a current one", async () => {
    const tokens = await rig.tokens(client);
    const other = await rig.register();
    expect((await refreshed(tokens.refresh_token, {}, other)).status).toBe(400);
    expect((await refreshed(tokens.refresh_token)).status).toBe(200);
  });

  it("keeps to its resource and its scopes", async () => {
    const tokens = await rig.tokens(client, { scope: "files:read" });
    const wider = await refreshed(tokens.refresh_token, { scope: "terminal:run" });
    expect([wider.status, wider.tokens.error]).toEqual([400, "invalid_scope"]);
    const other = await refreshed(tokens.refresh_token, { resource: rig.app });
    expect([other.status, other.tokens.error]).toEqual([400, "invalid_target"]);
    const same = await refreshed(tokens.refresh_token, { resource: `${rig.app}/mcp` });
    expect(same.tokens.scope).toBe("files:read");
  });

  it("is no access token, and an access token refreshes nothing", async () => {
    const tokens = await rig.tokens(client);
    expect(await rig.statusWith(tokens.refresh_token)).toBe(401);
    const { refresh_token: token } = await rig.tokens(await rig.register());
    expect(await rig.statusWith(token)).toBe(401);
  });
});

describe("an answer that is kept for a moment", () => {
  it("cannot be read by who reads the store", async () => {
    const { refresh_token: token } = await rig.tokens(client);
    const { tokens } = await refreshed(token);
    const rows = await rig.edge.worker.query(
      "EMBEDDED_REDIS",
      "store",
      "SELECT key, value FROM keys",
    );
    const text = JSON.stringify(rows);
    expect(text).toContain("oauth:refresh-answer:");
    const secrets = [token, tokens.access_token, tokens.refresh_token];
    for (const secret of secrets) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(secret.split(":")[2]);
    }
  });
});
