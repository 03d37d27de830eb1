import { createHmac } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { scopes } from "#protocol/operation.ts";
import {
  mintLocalClaim,
  mintLocalToken,
  mintToken,
  type TokenKind,
  verifyToken,
} from "#worker/identity/tokens.ts";

const secret = "a secret of thirty-two bytes or more";
const now = () => Math.floor(Date.now() / 1_000);
const browser = { sub: "u1", name: "You" };

const refused = { name: "DiscoError", code: "unauthenticated" };

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

describe("tokens", () => {
  it("verify with what was minted", async () => {
    const token = await mintToken(secret, "ticket", {
      sub: "u1",
      container: "c1",
      jti: "0123456789abcdef",
    });
    expect(await verifyToken(secret, "ticket", token)).toEqual({
      sub: "u1",
      container: "c1",
      jti: "0123456789abcdef",
    });
  });

  it("give the local user every scope", async () => {
    const claims = await verifyToken(secret, "api", await mintLocalToken(secret, "curl"));
    expect(claims).toEqual({
      sub: "local",
      client_id: "local",
      client_name: "curl",
      scope: [...scopes],
    });
    const claim = await verifyToken(secret, "claim", await mintLocalClaim(secret));
    expect(claim).toEqual({ sub: "local", name: "You", jti: expect.stringMatching(/^[\w-]{36}$/) });
  });

  it("drop scopes that do not exist", async () => {
    const token = await mintToken(secret, "api", {
      sub: "u1",
      client_id: "c",
      client_name: "c",
      scope: "files:read admin",
    });
    expect((await verifyToken(secret, "api", token)).scope).toEqual(["files:read"]);
  });

  const kinds: TokenKind[] = ["api", "claim", "browser", "ticket"];
  it.each(kinds.filter((kind) => kind !== "browser"))(
    "of another kind are refused: browser as %s",
    async (kind) => {
      const token = await mintToken(secret, "browser", browser);
      await expect(verifyToken(secret, kind, token)).rejects.toMatchObject(refused);
    },
  );

  it("of another secret are refused", async () => {
    const token = await mintToken(`${secret}!`, "browser", browser);
    await expect(verifyToken(secret, "browser", token)).rejects.toMatchObject(refused);
  });

  it("signed with the secret itself are refused: each kind has a key of its own", async () => {
    const token = await new SignJWT(browser)
      .setProtectedHeader({ alg: "HS256" })
      .setIssuer("disco")
      .setAudience("disco:browser")
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(new TextEncoder().encode(secret));
    await expect(verifyToken(secret, "browser", token)).rejects.toMatchObject(refused);
  });

  it("are refused without a signature or under another algorithm", async () => {
    const [, payload] = (await mintToken(secret, "browser", browser)).split(".");
    const none = `${base64({ alg: "none", typ: "JWT" })}.${payload}.`;
    const head = `${base64({ alg: "HS512", typ: "JWT" })}.${payload}`;
    const hs512 = `${head}.${createHmac("sha512", secret).update(head).digest("base64url")}`;
    for (const token of [none, hs512, "", "a.b.c"]) {
      await expect(verifyToken(secret, "browser", token)).rejects.toMatchObject(refused);
    }
  });

  it("are refused with one byte of the payload changed", async () => {
    const [head, , signature] = (await mintToken(secret, "browser", browser)).split(".");
    const payload = base64({ ...browser, sub: "u2", iss: "disco", aud: "disco:browser" });
    const token = `${head}.${payload}.${signature}`;
    await expect(verifyToken(secret, "browser", token)).rejects.toMatchObject(refused);
  });

  it("expire, and say so", async () => {
    const ticket = { sub: "u1", container: "c1", jti: "0123456789abcdef" };
    const old = await mintToken(secret, "ticket", ticket, { now: now() - 61 });
    await expect(verifyToken(secret, "ticket", old)).rejects.toMatchObject({
      ...refused,
      message: "The token has expired.",
    });
    const short = await mintToken(secret, "browser", browser, { ttlS: 5, now: now() - 6 });
    await expect(verifyToken(secret, "browser", short)).rejects.toMatchObject(refused);
  });

  it("live no longer than their kind allows [OPEN-3]", async () => {
    const ticket = { sub: "u1", container: "c1", jti: "0123456789abcdef" };
    const token = await mintToken(secret, "ticket", ticket, { ttlS: 9_999, now: 1_000 });
    const payload = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString(),
    ) as Record<string, number>;
    expect((payload["exp"] ?? 0) - (payload["iat"] ?? 0)).toBe(60);
  });
});
