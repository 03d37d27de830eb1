import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OAuthRig, REDIRECT } from "#test/support/oauth-rig.ts";

let rig: OAuthRig;
beforeAll(async () => {
  rig = await OAuthRig.start();
});
afterAll(() => rig.close());

async function ask(fields: Record<string, string>, headers: Record<string, string> = {}) {
  const answer = await rig.postForm("/introspect", fields, headers);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe("introspection (RFC 7662)", () => {
  it("tells a client what its own token is good for", async () => {
    const client = await rig.register();
    const { access_token: token } = await rig.tokens(client, { scope: "files:read" });
    const { status, body } = await ask({ client_id: client, token });
    expect(status).toBe(200);
    expect(body).toEqual({
      active: true,
      iss: rig.app,
      aud: `${rig.app}/mcp`,
      sub: "local",
      client_id: client,
      scope: "files:read",
      token_type: "Bearer",
      iat: expect.any(Number),
      exp: (body["iat"] as number) + 900,
    });
  });

  it("says nothing of other clients' tokens, of refresh tokens, and of what is none", async () => {
    const [client, other] = [await rig.register(), await rig.register()];
    const foreign = await rig.tokens(other);
    const own = await rig.tokens(client);
    for (const token of [foreign.access_token, own.refresh_token, rig.edge.token, "x", "a:b:c"]) {
      const { status, body } = await ask({ client_id: client, token });
      expect([status, body]).toEqual([200, { active: false }]);
    }
  });

  it("says that a token is over once its client's session has ended", async () => {
    const client = await rig.register();
    const former = await rig.tokens(client);
    await rig.tokens(client);
    await expect
      .poll(async () => (await ask({ client_id: client, token: former.access_token })).body, {
        timeout: 10_000,
        interval: 500,
      })
      .toEqual({ active: false });
  }, 20_000);

  it("wants the client's secret where there is one, and a client at all", async () => {
    const answer = await rig.postJson("/register", {
      redirect_uris: [REDIRECT],
      token_endpoint_auth_method: "client_secret_basic",
    });
    const { client_id: id = "", client_secret: secret = "" } = (await answer.json()) as Record<
      string,
      string
    >;
    const basic = (text: string) => ({ Authorization: `Basic ${btoa(text)}` });
    expect((await ask({ token: "x" }, basic(`${id}:${secret}`))).status).toBe(200);
    expect((await ask({ token: "x", client_id: id, client_secret: secret })).status).toBe(200);
    for (const [fields, headers] of [
      [{ token: "x" }, {}],
      [{ token: "x", client_id: "nobody" }, {}],
      [{ token: "x", client_id: id }, {}],
      [{ token: "x", client_id: id, client_secret: "guessed" }, {}],
      [{ token: "x" }, basic(`${id}:guessed`)],
      [{ token: "x" }, { Authorization: "Basic %%%" }],
    ] as [Record<string, string>, Record<string, string>][]) {
      const { status, body } = await ask(fields, headers);
      expect([status, body["error"]]).toEqual([401, "invalid_client"]);
    }
    const without = await ask({ client_id: id, client_secret: secret });
    expect([without.status, without.body["error"]]).toEqual([400, "invalid_request"]);
  });
});
