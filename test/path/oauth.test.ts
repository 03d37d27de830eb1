import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OAuthRig, REDIRECT, type Tokens } from "#test/support/oauth-rig.ts";

let rig: OAuthRig;
let client: string;
beforeAll(async () => {
  rig = await OAuthRig.start();
  client = await rig.register();
});
afterAll(() => rig.close());

describe("an MCP client's way in", () => {
  it("goes from the challenge over the metadata to a token that works on both faces", async () => {
    const refused = await rig.postJson("/mcp", {});
    expect(refused.status).toBe(401);
    const challenge = refused.headers.get("WWW-Authenticate") ?? "";
    await refused.text();
    const metadataUrl = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? "";
    const resource = (await (await rig.edge.worker.fetch(metadataUrl)).json()) as {
      resource: string;
      authorization_servers: string[];
    };
    expect(resource).toMatchObject({
      resource: `${rig.app}/mcp`,
      authorization_servers: [rig.app],
    });
    const { code, verifier, back } = await rig.code(client, { resource: resource.resource });
    expect(back.origin + back.pathname).toBe(REDIRECT);
    expect(back.searchParams.get("state")).toBe("the state");
    expect(back.searchParams.get("iss")).toBe(rig.app);
    const answer = await rig.redeem(client, code, verifier);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const tokens = (await answer.json()) as Tokens;
    expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 900 });
    expect(await rig.statusWith(tokens.access_token)).toBe(200);
    const body = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };
    const Authorization = `Bearer ${tokens.access_token}`;
    const listed = await rig.postJson("/mcp", body, {
      Authorization,
      Accept: "application/json, text/event-stream",
    });
    expect(listed.status).not.toBe(401);
    await listed.text();
  });
});
