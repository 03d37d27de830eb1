import { afterAll, beforeAll, expect, it } from "vitest";
import { TICKET_SUBPROTOCOL_PREFIX } from "#protocol/frames.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";
import { problem, problemOf } from "#test/support/face-errors.ts";
import { ScriptedTab } from "#test/support/scripted-tab.ts";

let rig: EdgeRig;
beforeAll(async () => {
  rig = await EdgeRig.start();
});
afterAll(() => rig.close());

const VERIFY = "/api/v1/auth/verify";

it.each([
  ["a user's name", { "X-User": "local", "X-Forwarded-User": "local", "Remote-User": "local" }],
  ["a proxy that authenticated", { "Cf-Access-Authenticated-User-Email": "you@example.com" }],
  ["another header for tokens", { "X-Api-Key": "KEY", "X-Authorization": "Bearer KEY" }],
  ["a cookie", { Cookie: "__Host-disco=KEY; Authorization=Bearer KEY" }],
  ["another scheme", { Authorization: "Basic KEY" }],
  ["two tokens in one header", { Authorization: "Bearer KEY, Bearer KEY" }],
])("believes no header with %s", async (_, headers: Record<string, string>) => {
  const withToken = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replaceAll("KEY", rig.token)]),
  );
  const answer = await rig.worker.fetch(VERIFY, { headers: withToken });
  expect(await problemOf(answer)).toMatchObject(problem("unauthenticated"));
});

it.each(["access_token", "token", "api_key", "authorization", "key"])(
  "takes no token from the query, as %s",
  async (name) => {
    for (const path of [VERIFY, "/api/v1/containers/current"]) {
      const answer = await rig.worker.fetch(`${path}?${name}=${rig.token}`);
      expect(await problemOf(answer)).toMatchObject(problem("unauthenticated"));
    }
    const mcp = await rig.worker.fetch(`/mcp?${name}=${rig.token}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping", access_token: rig.token }),
    });
    expect(mcp.status).toBe(401);
    await mcp.text();
  },
);

it("serves no host but its own, whatever token comes with it", async () => {
  for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io"]) {
    const answer = await rig.api(`http://${host}:${rig.worker.url.port}${VERIFY}`);
    expect(await problemOf(answer)).toMatchObject(problem("host_not_allowed"));
  }
});

it("takes its own address and the method from the request, not from what a header says", async () => {
  const headers = {
    "X-Forwarded-Host": "evil.example",
    Forwarded: "host=evil.example;proto=https",
    "X-Forwarded-Proto": "https",
    "X-Original-URL": "/health",
    "X-Rewrite-URL": "/health",
    "X-HTTP-Method-Override": "DELETE",
  };
  const config = await rig.worker.fetch("/config", { headers });
  expect(await config.text()).not.toContain("evil.example");
  const verified = await rig.api(VERIFY, { headers });
  expect(await verified.json()).toMatchObject({ user: { id: "local" } });
});

it("lets no tab say which sign-in it came from [OPEN-5]", async () => {
  const container = await rig.container();
  const Cookie = await rig.signIn();
  const answer = await rig.postFromPage("/auth/tickets", { container }, { Cookie });
  const { ticket } = (await answer.json()) as { ticket: string };
  const headers = { Origin: rig.page, "Disco-Sign-In": `b_${"0".repeat(32)}` };
  const offered = [TICKET_SUBPROTOCOL_PREFIX + ticket];
  const tab = await ScriptedTab.open(rig.worker.url, container, offered, headers);
  tab.hello();
  await tab.welcome();
  await (await rig.postFromPage("/auth/sign-out", {}, { Cookie })).text();
  expect(await tab.closed).toMatchObject({ code: 4401 });
});
