import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TICKET_SUBPROTOCOL_PREFIX } from "#protocol/frames.ts";
import { EdgeRig, TEST_REALM, TEST_SECRET } from "#test/support/edge-rig.ts";
import { ScriptedTab } from "#test/support/scripted-tab.ts";
import { localRealm } from "#worker/identity/realm.ts";
import {
  keysOf,
  mintLocalClaim,
  mintLocalToken,
  mintToken,
  verifyToken,
} from "#worker/identity/tokens.ts";

let rig: EdgeRig;
let container: string;

beforeAll(async () => {
  rig = await EdgeRig.start();
  container = await rig.container();
});
afterAll(() => rig.close());

const asked = (answer: { json(): Promise<unknown> }) => answer.json() as Promise<{ code: string }>;

describe("sign-in", () => {
  it("trades a claim for a cookie that no script and no other host gets", async () => {
    const claim = await mintLocalClaim(TEST_SECRET);
    const answer = await rig.postFromPage("/auth/sign-in", { claim });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      user: { id: "local", name: "You" },
      container: { id: container, name: "default" },
    });
    const cookie = answer.headers.get("Set-Cookie") ?? "";
    expect(cookie).toMatch(
      /^__Host-disco=[\w.-]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it("takes a claim once: the link is of no use to whoever finds it later", async () => {
    const claim = await mintLocalClaim(TEST_SECRET);
    const first = await rig.postFromPage("/auth/sign-in", { claim });
    expect(first.status).toBe(200);
    await first.text();
    const Cookie = (first.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
    const again = await rig.postFromPage("/auth/sign-in", { claim });
    expect([again.status, again.headers.get("Set-Cookie")]).toEqual([401, null]);
    expect(await again.json()).toMatchObject({ detail: "The link was used already." });
    const me = await rig.fromPage("/auth/me", { headers: { Cookie } });
    expect(me.status).toBe(200);
    await me.text();
  });

  it("refuses a claim that is none, expired, or of another secret", async () => {
    const expired = await mintToken(
      TEST_REALM,
      "claim",
      { sub: "local", name: "You", jti: crypto.randomUUID() },
      { now: 1 },
    );
    const foreign = await mintLocalClaim(`${TEST_SECRET}, another`);
    for (const claim of ["nonsense", expired, foreign, await mintLocalToken(TEST_SECRET)]) {
      const answer = await rig.postFromPage("/auth/sign-in", { claim });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("Set-Cookie")).toBeNull();
      expect(await asked(answer)).toMatchObject({ code: "unauthenticated" });
    }
  });

  it("tells the browser who it is, until it signs out", async () => {
    const Cookie = await rig.signIn();
    const me = await rig.fromPage("/auth/me", { headers: { Cookie } });
    expect(await me.json()).toMatchObject({ user: { id: "local" }, container: { id: container } });
    const nobody = await rig.fromPage("/auth/me");
    expect([nobody.status, (await asked(nobody)).code]).toEqual([401, "unauthenticated"]);
    const out = await rig.postFromPage("/auth/sign-out", {}, { Cookie });
    expect(out.status).toBe(204);
    expect(out.headers.get("Set-Cookie")).toMatch(/^__Host-disco=; Max-Age=0; Path=\/; Secure$/);
    await out.text();
  });

  it.each([
    ["a foreign origin", { Origin: "https://evil.example" }],
    ["the runtime's origin", { Origin: "http://rt.disco.localhost:1" }],
    ["the origin null", { Origin: "null" }],
    ["another name of this machine", { Origin: "http://localhost:1" }],
    ["no origin at all", {}],
  ])("refuses the cookie's routes to %s", async (_who, headers: Record<string, string>) => {
    const Cookie = await rig.signIn();
    const me = await rig.worker.fetch("/auth/me", { headers: { ...headers, Cookie } });
    expect([me.status, (await asked(me)).code]).toEqual([403, "origin_not_allowed"]);
    expect(me.headers.get("Access-Control-Allow-Origin")).toBeNull();
    const ticket = await rig.worker.fetch("/auth/tickets", {
      method: "POST",
      headers: { ...headers, Cookie, "Content-Type": "application/json" },
      body: JSON.stringify({ container }),
    });
    expect([ticket.status, (await asked(ticket)).code]).toEqual([403, "origin_not_allowed"]);
  });

  it("lets the page read its identity without Origin, as browsers send it", async () => {
    const Cookie = await rig.signIn();
    const answer = await rig.worker.fetch(`${rig.page}/auth/me`, {
      headers: { Cookie, "Sec-Fetch-Site": "same-origin" },
    });
    expect(answer.status).toBe(200);
    await answer.text();
  });

  it("takes neither cookie nor query for the faces", async () => {
    const Cookie = await rig.signIn();
    for (const path of [
      "/api/v1/files/current",
      `/api/v1/files/current?access_token=${rig.token}`,
    ]) {
      const answer = await rig.worker.fetch(path, { headers: { Cookie } });
      expect([answer.status, (await asked(answer)).code]).toEqual([401, "unauthenticated"]);
    }
  });
});

describe("/.well-known/jwks.json", () => {
  it("shows the public half of the key of access tokens, and nothing else", async () => {
    const answer = await rig.worker.fetch("/.well-known/jwks.json");
    expect(answer.headers.get("Content-Type")).toBe("application/jwk-set+json");
    const [key] = await keysOf(TEST_REALM, "access");
    expect(await answer.json()).toEqual({ keys: [key?.jwk] });
  });
});

describe("a cookie that was copied", () => {
  it("is worthless once its browser has signed out", async () => {
    const Cookie = await rig.signIn();
    await (await rig.postFromPage("/auth/sign-out", {}, { Cookie })).text();
    const me = await rig.fromPage("/auth/me", { headers: { Cookie } });
    expect([me.status, (await asked(me)).code]).toEqual([401, "unauthenticated"]);
  });
});

describe("tickets", () => {
  it("names socket and lifetime, for the own container only [OPEN-3]", async () => {
    const Cookie = await rig.signIn();
    const answer = await rig.postFromPage("/auth/tickets", { container }, { Cookie });
    expect(await answer.json()).toMatchObject({
      expires_in_s: 60,
      websocket_url: `ws://disco.localhost:${rig.worker.url.port}/relay/${container}`,
    });
    const other = await rig.postFromPage("/auth/tickets", { container: "c_other" }, { Cookie });
    expect([other.status, (await asked(other)).code]).toEqual([404, "container_not_found"]);
  });

  it("admits a tab that offers its ticket, and selects the wire's version [OPEN-1]", async () => {
    const tab = await rig.openTab(container, await rig.ticket(container));
    expect(tab.socket.protocol).toBe("disco.v1");
    tab.hello();
    expect(await tab.welcome()).toMatchObject({ container });
    await tab.close();
  });

  it("admits one socket only [OPEN-3]", async () => {
    const ticket = await rig.ticket(container);
    const tab = await rig.openTab(container, ticket);
    await expect(rig.openTab(container, ticket)).rejects.toThrow("The socket did not open.");
    await tab.close();
  });

  it.each(["https://evil.example", "null", "http://localhost:8787"])(
    "opens no socket for the origin %s [OPEN-2]",
    async (origin) => {
      const ticket = await rig.ticket(container);
      await expect(rig.openTab(container, ticket, origin)).rejects.toThrow(
        "The socket did not open.",
      );
      // The refused attempt did not use the ticket up.
      await (await rig.openTab(container, ticket)).close();
    },
  );

  it("opens no socket without an origin, or without a ticket [OPEN-2] [OPEN-3]", async () => {
    const offered = [TICKET_SUBPROTOCOL_PREFIX + (await rig.ticket(container))];
    await expect(ScriptedTab.open(rig.worker.url, container, offered)).rejects.toThrow(
      "The socket did not open.",
    );
    const Origin = rig.page;
    await expect(ScriptedTab.open(rig.worker.url, container, [], { Origin })).rejects.toThrow(
      "The socket did not open.",
    );
  });

  it("tells a page that does not offer the wire's version to reload [OPEN-1]", async () => {
    expect(await upgradeStatus(await rig.ticket(container), "disco.v0")).toBe(426);
  });

  it("refuses expired, foreign and forged tickets with 401 [OPEN-3]", async () => {
    const jti = crypto.randomUUID();
    const now = Math.floor(Date.now() / 1_000);
    const ticketOf = { sub: "local", role: "tab", sid: await openSignIn(), jti } as const;
    const mint = (secret: string, target: string, at: number) =>
      mintToken(localRealm(secret), "ticket", { ...ticketOf, container: target }, { now: at });
    for (const ticket of [
      await mint(TEST_SECRET, container, now - 61),
      await mint(TEST_SECRET, "c_other", now),
      await mint(`${TEST_SECRET}, another`, container, now),
      await mintLocalClaim(TEST_SECRET),
    ]) {
      expect(await upgradeStatus(ticket)).toBe(401);
      await expect(rig.openTab(container, ticket)).rejects.toThrow("The socket did not open.");
    }
  });
});

/** Id of a sign-in that is open, as its cookie names it. */
async function openSignIn(): Promise<string> {
  const token = (await rig.signIn()).replace("__Host-disco=", "");
  return (await verifyToken(TEST_REALM, "browser", token)).sid;
}

/** The upgrade over plain HTTP, where the status of the refusal can be read. */
async function upgradeStatus(ticket: string, version = "disco.v1"): Promise<number> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const upgrade = request(new URL(`/relay/${container}`, rig.worker.url), {
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        Origin: rig.page,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol": `${version}, ${TICKET_SUBPROTOCOL_PREFIX}${ticket}`,
      },
    });
    upgrade.on("response", (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    upgrade.on("upgrade", () => resolve(101));
    upgrade.on("error", reject);
    upgrade.end();
  });
}
