import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DeploymentRig } from "#test/support/deployment-rig.ts";
import type { HttpBrowser } from "#test/support/http-browser.ts";

let rig: DeploymentRig;
let ada: HttpBrowser;
beforeAll(async () => {
  rig = await DeploymentRig.start();
  ada = rig.newBrowser();
  await (await rig.signIn(ada)).text();
});
afterAll(() => rig.close());

const post = (path: string, fields: Record<string, string>) =>
  rig.worker.fetch(`http://disco.example${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });

async function revoke(fields: Record<string, string>): Promise<number> {
  const answer = await post("/revoke", fields);
  await answer.text();
  return answer.status;
}

async function refreshStatus(client: string, token: string): Promise<number> {
  const grant = { grant_type: "refresh_token", client_id: client, refresh_token: token };
  const answer = await post("/token", grant);
  await answer.text();
  return answer.status;
}

/** Milliseconds until the token is refused; what was revoked must be, within ten seconds. */
async function timeToRefusal(token: string): Promise<number> {
  const started = Date.now();
  while (Date.now() - started < 10_000) {
    if ((await rig.statusWith(token)) === 401) return Date.now() - started;
    await sleep(200);
  }
  return Infinity;
}

describe("revocation (RFC 7009)", () => {
  it("of a refresh token ends the grant: within ten seconds, though it was in use", async () => {
    const { client, access_token: access, refresh_token: refresh } = await rig.tokens(ada);
    expect(await rig.statusWith(access)).toBe(200);
    expect(await revoke({ client_id: client, token: refresh })).toBe(200);
    expect(await timeToRefusal(access)).toBeLessThan(10_000);
    expect(await refreshStatus(client, refresh)).toBe(400);
  });

  it("leaves a note for a refresh that is under way, of the client whose grant it is only", async () => {
    const { client, refresh_token: refresh } = await rig.tokens(ada);
    const { client: thief } = await rig.tokens(ada);
    const note = `oauth:ended:${refresh.split(":").slice(0, 2).join(":")}`;
    expect(await revoke({ client_id: thief, token: refresh })).toBe(200);
    expect(await revoke({ client_id: "nobody", token: refresh })).toBe(401);
    expect(await rig.store.redis.exists(note)).toBe(0);
    expect(await revoke({ client_id: client, token: refresh })).toBe(200);
    expect(await rig.store.redis.exists(note)).toBe(1);
  });

  it("ends a grant that a refresh would write back", async () => {
    const { client, refresh_token: refresh } = await rig.tokens(ada);
    const key = `oauth:record:grant:${refresh.split(":").slice(0, 2).join(":")}`;
    const writing = Promise.withResolvers<void>();
    const revoked = Promise.withResolvers<void>();
    rig.store.delay(async (commands) => {
      if (!commands.toLowerCase().startsWith(`["set","${key}"`.toLowerCase())) return;
      writing.resolve();
      await revoked.promise;
    });
    const refreshed = refreshStatus(client, refresh);
    await writing.promise;
    expect(await revoke({ client_id: client, token: refresh })).toBe(200);
    revoked.resolve();
    expect(await refreshed).toBe(400);
    expect(await rig.store.redis.exists(key)).toBe(0);
    rig.store.delay(async () => {});
  });

  it("of the token before the last rotation ends the grant as well, and leaves the note", async () => {
    const { client, refresh_token: refresh } = await rig.tokens(ada);
    const note = `oauth:ended:${refresh.split(":").slice(0, 2).join(":")}`;
    expect(await refreshStatus(client, refresh)).toBe(200);
    expect(await revoke({ client_id: client, token: refresh })).toBe(200);
    expect(await rig.store.redis.exists(note)).toBe(1);
  });

  it("of an access token ends that one", async () => {
    const { client, access_token: access, refresh_token: refresh } = await rig.tokens(ada);
    expect(await revoke({ client_id: client, token: access })).toBe(200);
    expect(await timeToRefusal(access)).toBeLessThan(10_000);
    expect(await refreshStatus(client, refresh)).toBe(200);
  });

  it("says nothing of tokens that are none, and is no way to end another client's", async () => {
    const { access_token: access, refresh_token: refresh } = await rig.tokens(ada);
    const { client: thief } = await rig.tokens(ada);
    for (const token of ["nonsense", "a:b:c", access, refresh]) {
      expect(await revoke({ client_id: thief, token })).toBe(200);
    }
    expect(await rig.statusWith(access)).toBe(200);
    expect(await revoke({ client_id: "nobody", token: access })).toBe(401);
    expect(await revoke({ client_id: thief })).toBe(400);
    // A grant type beside it does not make it a request for a token.
    expect(await revoke({ client_id: thief, token: "x", grant_type: "refresh_token" })).toBe(200);
  });
});

describe("a token", () => {
  it("costs no read of the store for a few seconds, and few after them", async () => {
    // Made for the whole origin, which both faces take.
    const resource = `&resource=${encodeURIComponent(rig.origin)}`;
    const { access_token: access } = await rig.tokens(ada, resource);
    expect(await rig.statusWith(access)).toBe(200);
    const before = rig.store.requests();
    for (let index = 0; index < 5; index += 1) expect(await rig.statusWith(access)).toBe(200);
    const mcp = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };
    for (let index = 0; index < 5; index += 1) {
      const answer = await rig.worker.fetch("http://disco.example/mcp", {
        method: "POST",
        headers: { Authorization: `Bearer ${access}`, "Content-Type": "application/json" },
        body: JSON.stringify(mcp),
      });
      expect(answer.status).not.toBe(401);
      await answer.text();
    }
    expect(rig.store.requests() - before).toBe(0);
  });

  it("of another deployment is worth nothing here, even out of the same store", async () => {
    const other = await DeploymentRig.start("other.example", rig.store);
    try {
      const browser = other.newBrowser();
      await (await other.signIn(browser)).text();
      const foreign = await other.tokens(browser);
      expect(await other.statusWith(foreign.access_token)).toBe(200);
      expect(await rig.statusWith(foreign.access_token)).toBe(401);
      // Nor is its grant good for one of ours.
      expect(await refreshStatus(foreign.client, foreign.refresh_token)).toBe(400);
    } finally {
      await other.close();
    }
  });

  it("is read from the header only, and not when there are two", async () => {
    const { access_token: access } = await rig.tokens(ada);
    const ask = async (query: string, headers: Record<string, string>) => {
      const url = `http://disco.example/api/v1/containers/current${query}`;
      const answer = await rig.worker.fetch(url, { headers });
      await answer.text();
      return answer.status;
    };
    expect(await ask(`?access_token=${access}`, {})).toBe(401);
    expect(await ask("", { Cookie: `access_token=${access}` })).toBe(401);
    expect(await ask("", { Authorization: `Bearer ${access}, Bearer ${access}` })).toBe(401);
    expect(await ask("", { Authorization: `Basic ${access}` })).toBe(401);
    expect(await ask("", { Authorization: `bearer ${access}` })).toBe(200);
  });

  it("is none with another user, grant or secret, and in any other form", async () => {
    const { access_token: access } = await rig.tokens(ada);
    const [user, grant, secret = ""] = access.split(":");
    for (const changed of [
      `u_0:${grant}:${secret}`,
      `${user}:AAAAAAAAAAAAAAAA:${secret}`,
      `${user}:${grant}:${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`,
      `${access}:x`,
      `${user}:${grant}`,
      access.toLowerCase(),
      ` ${access}x`,
    ]) {
      expect(await rig.statusWith(changed), changed).toBe(401);
    }
    expect(await rig.statusWith(access)).toBe(200);
  });
});
