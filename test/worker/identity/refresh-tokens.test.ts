import { describe, expect, it } from "vitest";
import { localRealm } from "#worker/identity/realm.ts";
import { parseRefreshToken, refreshTokenOf } from "#worker/identity/refresh-tokens.ts";

const secret = "a secret of thirty-two bytes or more";
const realm = localRealm(secret);
const name = {
  user: "u_5d41402abc4b2a76b9719d911017c592",
  family: `f_${"0".repeat(32)}`,
  number: 3,
};
const refused = { name: "DiscoError", code: "unauthenticated" };

describe("refresh tokens", () => {
  it("say which one of which login they are", async () => {
    const token = await refreshTokenOf(realm, name);
    expect(token).toMatch(/^disco_refresh_[\w.-]+$/);
    expect(await parseRefreshToken(realm, token)).toEqual(name);
    expect(await refreshTokenOf(realm, name)).toBe(token);
  });

  it("outlive a rotation of the secret", async () => {
    const next = {
      ...realm,
      secrets: ["the secret that comes after the rotation", secret],
    } as const;
    expect(await parseRefreshToken(next, await refreshTokenOf(realm, name))).toEqual(name);
    await expect(parseRefreshToken(realm, await refreshTokenOf(next, name))).rejects.toMatchObject(
      refused,
    );
  });

  it("cannot be made up, or changed into another one", async () => {
    const token = await refreshTokenOf(realm, name);
    const [, , , mac] = token.split(".");
    for (const forged of [
      token.replace(".3.", ".4."),
      token.replace(".3.", ".03."),
      token.replace(".3.", ".3.0."),
      token.replace("u_5", "u_6"),
      token.replace("f_0", "f_1"),
      `${token}A`,
      token.slice(0, -1),
      `disco_refresh_u.f_${"0".repeat(32)}.1.${mac}`,
      `disco_refresh_..1.${mac}`,
      "",
      "disco_refresh_",
      "a".repeat(1_024),
    ]) {
      await expect(parseRefreshToken(realm, forged), forged).rejects.toMatchObject(refused);
    }
  });
});
