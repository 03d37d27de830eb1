import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { GRANTS_MAX } from "#protocol/egress-frame.ts";
import { EgressRig } from "#test/support/egress-rig.ts";

let rig: EgressRig;
beforeAll(async () => {
  rig = await EgressRig.start();
});
afterAll(() => rig.close());
afterEach(async () => {
  for (const { host } of await listed()) await rig.revoke(host);
});

async function listed(): Promise<{ host: string; since: number }[]> {
  const answer = await rig.page("GET");
  return ((await answer.json()) as { grants: { host: string; since: number }[] }).grants;
}

describe("the hosts that a container may reach", () => {
  it("are none, until the person allows one", async () => {
    expect(await listed()).toEqual([]);
    const before = Date.now();
    expect(await rig.allow("API.Example.com")).toBe(200);
    expect(await rig.allow("*.example.org:8443")).toBe(200);
    const grants = await listed();
    expect(grants.map(({ host }) => host)).toEqual([
      "https://api.example.com",
      "https://*.example.org:8443",
    ]);
    expect(grants[0]?.since).toBeGreaterThanOrEqual(before);
  });

  it("are named once, however often they are allowed", async () => {
    await rig.allow("https://api.example.com");
    await rig.allow("api.example.com:443");
    expect(await listed()).toHaveLength(1);
  });

  it("are not more than a person can read", async () => {
    for (let count = 0; count < GRANTS_MAX; count += 1) await rig.allow(`h${count}.example.com`);
    const answer = await rig.page("POST", { host: "one-more.example.com" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail: expect.stringMatching(/No more than 64/) });
    expect(await rig.allow("h0.example.com")).toBe(200);
    expect(await listed()).toHaveLength(GRANTS_MAX);
  });

  it.each(["127.0.0.1", "http://[::1]", "printer.local", "user@example.com", "*.com", "ftp://a.b"])(
    "are never %s",
    async (host) => {
      const answer = await rig.page("POST", { host });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: "invalid_input" });
    },
  );
});

describe("who may say which", () => {
  it("nobody without the sign-in", async () => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const answer = await rig.page(
        method,
        method === "GET" ? undefined : { host: "a.example" },
        "",
        {
          Cookie: "",
        },
      );
      expect(answer.status).toBe(401);
      await answer.text();
    }
  });

  it.each(["http://rt.disco.localhost", "http://p3000.disco.localhost", "https://chatgpt.com"])(
    "no page of %s, whose requests bring the cookie along",
    async (origin) => {
      const { port } = rig.edge.worker.url;
      const Origin = origin.startsWith("https") ? origin : `${origin}:${port}`;
      const answer = await rig.page("POST", { host: "evil.example" }, "", { Origin });
      expect(answer.status).toBe(403);
      await answer.text();
      const token = await rig.page("POST", undefined, "/token", { Origin });
      expect(token.status).toBe(403);
      await token.text();
      expect(await listed()).toEqual([]);
    },
  );

  it("no client with a bearer token", async () => {
    const answer = await rig.edge.api(`/auth/network/${rig.container}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ host: "evil.example" }),
    });
    expect(answer.status).toBe(403);
    await answer.text();
  });

  it("nobody for a container of somebody else", async () => {
    const answer = await rig.edge.fromPage(`/auth/network/c_${"0".repeat(32)}`, {
      headers: { Cookie: await rig.edge.signIn() },
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      404,
      "container_not_found",
    ]);
  });
});
