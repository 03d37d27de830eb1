import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopes } from "#protocol/operation.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";

let rig: EdgeRig;
let app: string;
beforeAll(async () => {
  rig = await EdgeRig.start();
  app = `http://localhost:${rig.worker.url.port}`;
});
afterAll(() => rig.close());

async function read(path: string, headers: Record<string, string> = {}) {
  const answer = await rig.worker.fetch(app + path, { headers });
  return { answer, document: (await answer.json()) as Record<string, unknown> };
}

describe("what an OAuth client reads", () => {
  it.each(["oauth-authorization-server", "openid-configuration"])(
    "says in %s where everything is, and what is asked (RFC 8414)",
    async (name) => {
      const { answer, document } = await read(`/.well-known/${name}`);
      expect(answer.headers.get("Content-Type")).toContain("application/json");
      expect(document).toMatchObject({
        issuer: app,
        authorization_endpoint: `${app}/authorize`,
        token_endpoint: `${app}/token`,
        registration_endpoint: `${app}/register`,
        revocation_endpoint: `${app}/revoke`,
        jwks_uri: `${app}/.well-known/jwks.json`,
        response_types_supported: ["code"],
        code_challenge_methods_supported: ["S256"],
        authorization_response_iss_parameter_supported: true,
        client_id_metadata_document_supported: true,
        scopes_supported: [...scopes, "offline_access"],
      });
      expect(document["token_endpoint_auth_methods_supported"]).toContain("none");
    },
  );

  it.each([
    ["", ""],
    ["/mcp", "/mcp"],
  ])("describes the resource %j at the address that belongs to it (RFC 9728)", async (path) => {
    const { document } = await read(`/.well-known/oauth-protected-resource${path}`);
    expect(document).toMatchObject({
      resource: app + path,
      authorization_servers: [app],
      bearer_methods_supported: ["header"],
    });
  });

  it("asks on the MCP face for what its tools need, and not for more", async () => {
    const { document } = await read("/.well-known/oauth-protected-resource/mcp");
    const asked = document["scopes_supported"] as string[];
    expect(asked).toContain("files:write");
    expect(asked).not.toContain("sessions:write");
    const whole = await read("/.well-known/oauth-protected-resource");
    expect(whole.document["scopes_supported"]).toEqual(scopes);
  });

  it("leads to endpoints that answer, in OAuth's own form, to programs of no origin", async () => {
    const { document } = await read("/.well-known/oauth-authorization-server");
    for (const name of ["token_endpoint", "revocation_endpoint", "registration_endpoint"]) {
      const url = String(document[name]);
      const posted = await rig.worker.fetch(url, { method: "POST", body: "" });
      expect(posted.status, name).toBe(400);
      expect(await posted.json()).toHaveProperty("error");
      const got = await rig.worker.fetch(url);
      expect([got.status, got.headers.get("Allow")], name).toEqual([405, "POST, OPTIONS"]);
      await got.text();
    }
  });

  it("is not on the hosts of runtime and previews", async () => {
    for (const host of ["rt.disco.localhost", "p5173.disco.localhost"]) {
      for (const path of ["/authorize", "/token", "/.well-known/oauth-authorization-server"]) {
        const url = `http://${host}:${rig.worker.url.port}${path}`;
        const answer = await rig.worker.fetch(url);
        expect(answer.status, url).toBe(404);
        await answer.text();
      }
    }
  });
});
