import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OAuthRig, pkcePair, type Tokens } from "#test/support/oauth-rig.ts";

let rig: OAuthRig;
let client: string;
beforeAll(async () => {
  rig = await OAuthRig.start();
  client = await rig.register();
});
afterAll(() => rig.close());

type Reply = { readonly status: number; readonly body: Record<string, string> };

async function reply(answer: Awaited<ReturnType<OAuthRig["redeem"]>>): Promise<Reply> {
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

const refused = { status: 400, body: { error: "invalid_grant" } };

describe("a code", () => {
  it("is redeemed by exactly one of twenty parallel requests, a hundred times", async () => {
    for (let index = 0; index < 100; index += 1) {
      const { code, verifier } = await rig.code(client);
      const answers = await Promise.all(
        Array.from({ length: 20 }, async () => reply(await rig.redeem(client, code, verifier))),
      );
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      const lost = answers.filter(({ status }) => status !== 200);
      for (const answer of lost) expect(answer).toMatchObject(refused);
      // One of those who showed it was not the client: nothing of it is left.
      expect(await rig.statusWith(won[0]?.body["access_token"] ?? "")).toBe(401);
    }
  }, 180_000);

  it("that is shown again takes back what it gave", async () => {
    const { code, verifier } = await rig.code(client);
    const tokens = (await (await rig.redeem(client, code, verifier)).json()) as Tokens;
    const other = await rig.tokens(await rig.register());
    expect(await reply(await rig.redeem(client, code, verifier))).toMatchObject(refused);
    expect(await rig.statusWith(tokens.access_token)).toBe(401);
    expect(await reply(await rig.refresh(client, tokens.refresh_token))).toMatchObject(refused);
    // Nobody else's.
    expect(await rig.statusWith(other.access_token)).toBe(200);
  });

  it("that is shown again without its verifier, or by another client, takes it back too", async () => {
    const thief = await rig.register();
    for (const [as, verifier] of [
      [client, pkcePair().verifier],
      [thief, pkcePair().verifier],
    ] as const) {
      const given = await rig.code(client);
      const tokens = (await (
        await rig.redeem(client, given.code, given.verifier)
      ).json()) as Tokens;
      expect(await reply(await rig.redeem(as, given.code, verifier))).toMatchObject(refused);
      expect(await rig.statusWith(tokens.access_token)).toBe(401);
    }
  });

  it("is of no use without its verifier, and is not used up by a wrong one", async () => {
    const { code, verifier } = await rig.code(client);
    const wrong = [
      pkcePair().verifier,
      "",
      verifier.slice(0, -1),
      `${verifier} `,
      verifier.toUpperCase(),
    ];
    for (const one of wrong) {
      expect((await reply(await rig.redeem(client, code, one))).status, one).toBe(400);
    }
    const without = { grant_type: "authorization_code", client_id: client, code };
    expect((await reply(await rig.postForm("/token", without))).status).toBe(400);
    expect((await reply(await rig.redeem(client, code, verifier))).status).toBe(200);
  });

  it("is bound to its client, its redirect URI and its resource", async () => {
    const other = await rig.register();
    const { code, verifier } = await rig.code(client, { resource: `${rig.app}/mcp` });
    const misuses: [string, Record<string, string>][] = [
      [other, {}],
      ["nobody", {}],
      [client, { redirect_uri: "https://evil.example/callback" }],
      [client, { redirect_uri: "https://client.example/callback/" }],
      [client, { resource: rig.app }],
      [client, { resource: "https://other.example/mcp" }],
    ];
    for (const [id, more] of misuses) {
      const { status, body } = await reply(await rig.redeem(id, code, verifier, more));
      expect(status, JSON.stringify(more)).toBeGreaterThanOrEqual(400);
      expect(body["access_token"]).toBeUndefined();
    }
    expect((await reply(await rig.redeem(client, code, verifier))).status).toBe(200);
  });

  it("that nobody was given is refused, and ends nobody's grant", async () => {
    const tokens = await rig.tokens(client);
    const [user, grant] = tokens.access_token.split(":");
    for (const code of ["", "x", `${user}:${grant}:${"x".repeat(32)}`, tokens.access_token]) {
      const fields = { grant_type: "authorization_code", client_id: client, code };
      const twice = await Promise.all([
        rig.postForm("/token", { ...fields, code_verifier: "v" }),
        rig.postForm("/token", { ...fields, code_verifier: "v" }),
      ]);
      for (const answer of twice) expect((await reply(answer)).status).toBe(400);
    }
    expect(await rig.statusWith(tokens.access_token)).toBe(200);
  });

  it("is not taken with a parameter that stands there twice, or not as a form", async () => {
    const { code, verifier } = await rig.code(client);
    const form = new URLSearchParams({ grant_type: "authorization_code", client_id: client });
    form.append("code", code);
    form.append("code_verifier", verifier);
    const send = (body: string, type: string) =>
      rig.edge.worker.fetch(`${rig.app}/token`, {
        method: "POST",
        headers: { "Content-Type": type },
        body,
      });
    const type = "application/x-www-form-urlencoded";
    for (const answer of [
      await send(`${form.toString()}&code=other`, type),
      await send(`${form.toString()}&client_id=other`, type),
      await send(JSON.stringify(Object.fromEntries(form)), "application/json"),
      await send(form.toString() + "&x=".repeat(10_000), type),
    ]) {
      const { status, body } = await reply(answer);
      expect([400, 413]).toContain(status);
      expect(body["error"]).toBe("invalid_request");
    }
    expect((await reply(await rig.redeem(client, code, verifier))).status).toBe(200);
  });
});
