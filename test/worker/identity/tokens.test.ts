import { createHmac, randomBytes } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { scopes } from "#protocol/operation.ts";
import { localRealm, type Realm } from "#worker/identity/realm.ts";
import { kinds, type TokenKind } from "#worker/identity/token-kinds.ts";
import {
  keysOf,
  mintLocalClaim,
  mintLocalToken,
  mintToken,
  type TokenInput,
  verifyToken,
} from "#worker/identity/tokens.ts";

const secret = "a secret of thirty-two bytes or more";
const realm = localRealm(secret);
const now = () => Math.floor(Date.now() / 1_000);
const id = "0123456789abcdef";
const client = { sub: "u1", client_id: "k", client_name: "k", scope: "files:read" };

const inputs: { [Kind in TokenKind]: TokenInput<Kind> } = {
  access: { ...client, sid: id, family: id },
  local: client,
  claim: { sub: "u1", name: "You", jti: id },
  browser: { sub: "u1", name: "You", sid: id },
  ticket: { sub: "u1", container: "c1", role: "tab", sid: id, jti: id },
  egress: { sub: "u1", container: "c1", sid: id },
};
const kindNames = Object.keys(kinds) as TokenKind[];
const mint = (kind: TokenKind, options = {}, from: Realm = realm) =>
  mintToken(from, kind, inputs[kind] as never, options);

const refused = { name: "DiscoError", code: "unauthenticated" };

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A token as an attacker with a key of his own would make it, everything else being right. */
async function forge(
  header: object,
  sign: (jwt: SignJWT) => Promise<string>,
  claims: object = {},
): Promise<string> {
  const [key] = await keysOf(realm, "browser");
  const jwt = new SignJWT({ ...inputs.browser, ...claims })
    .setProtectedHeader({ alg: "EdDSA", typ: kinds.browser.typ, kid: key?.kid ?? "", ...header })
    .setIssuedAt()
    .setExpirationTime("1h");
  if (!("iss" in claims)) jwt.setIssuer("disco");
  if (!("aud" in claims)) jwt.setAudience("disco:browser");
  return sign(jwt);
}

/** Signed with our own key, so that nothing but the claims is wrong. */
const signedByUs = async (header: object, claims: object) => {
  const [key] = await keysOf(realm, "browser");
  return forge(header, (jwt) => jwt.sign(key?.privateKey as CryptoKey), claims);
};

/** What the verifier throws, or what it takes for true. */
const outcomeOf = (kind: TokenKind, token: string): Promise<unknown> =>
  verifyToken(realm, kind, token).catch((error: unknown) => error);

describe("tokens", () => {
  it.each(kindNames)("of kind %s verify with what was minted", async (kind) => {
    const { scope: _, ...said } = inputs[kind] as Record<string, unknown>;
    expect(await verifyToken(realm, kind, await mint(kind))).toMatchObject(said);
  });

  it("give the local user every scope", async () => {
    expect(await verifyToken(realm, "local", await mintLocalToken(secret, "curl"))).toMatchObject({
      sub: "local",
      client_id: "local",
      client_name: "curl",
      scope: [...scopes],
    });
    const claim = await verifyToken(realm, "claim", await mintLocalClaim(secret));
    expect(claim).toMatchObject({
      sub: "local",
      name: "You",
      jti: expect.stringMatching(/^[\w-]{36}$/),
    });
  });

  it("drop scopes that do not exist", async () => {
    const token = await mintToken(realm, "local", { ...client, scope: "files:read admin" });
    expect((await verifyToken(realm, "local", token)).scope).toEqual(["files:read"]);
  });

  it("live no longer than their kind allows [OPEN-3]", async () => {
    const limits = { access: 900, ticket: 60, egress: 300 } as const;
    for (const [kind, seconds] of Object.entries(limits)) {
      const token = await mint(kind as TokenKind, { ttlS: 9_999_999 });
      const { issuedAt, expiresAt } = await verifyToken(realm, kind as TokenKind, token);
      expect(expiresAt - issuedAt, kind).toBe(seconds);
    }
  });

  it("expire, and say so", async () => {
    await expect(
      verifyToken(realm, "ticket", await mint("ticket", { now: now() - 61 })),
    ).rejects.toMatchObject({ ...refused, message: "The token has expired." });
    expect(
      await outcomeOf("browser", await mint("browser", { ttlS: 5, now: now() - 6 })),
    ).toMatchObject(refused);
  });
});

describe("rotation of the secret", () => {
  const next = {
    issuer: realm.issuer,
    secrets: ["the secret that comes after the rotation", secret],
  } as const;

  it("keeps what the former secret signed, and signs with the new one", async () => {
    const old = await mint("browser");
    expect((await verifyToken(next, "browser", old)).sub).toBe("u1");
    expect(await outcomeOf("browser", await mint("browser", {}, next))).toMatchObject(refused);
  });

  it("ends with the former secret", async () => {
    const ended = { ...next, secrets: [next.secrets[0]] } as const;
    await expect(verifyToken(ended, "browser", await mint("browser"))).rejects.toMatchObject(
      refused,
    );
  });

  it("gives each key a name of its own, which is the same everywhere", async () => {
    const kids = (await Promise.all(kindNames.map((kind) => keysOf(next, kind)))).flat();
    expect(new Set(kids.map(({ kid }) => kid)).size).toBe(2 * kindNames.length);
    for (const { jwk } of kids) {
      expect(jwk).toEqual({
        kty: "OKP",
        crv: "Ed25519",
        x: expect.any(String),
        kid: expect.any(String),
        alg: "EdDSA",
        use: "sig",
      });
    }
  });
});

describe("confusion of tokens", () => {
  it.each(kindNames)("refuses every other kind as %s", async (kind) => {
    for (const other of kindNames.filter((one) => one !== kind)) {
      expect(await outcomeOf(kind, await mint(other))).toMatchObject(refused);
    }
  });

  it("refuses another secret, and another deployment of the same secret", async () => {
    expect(
      await outcomeOf("browser", await mint("browser", {}, localRealm(`${secret}!`))),
    ).toMatchObject(refused);
    expect(
      await outcomeOf(
        "browser",
        await mint("browser", {}, { ...realm, issuer: "https://disco.example" }),
      ),
    ).toMatchObject(refused);
  });

  it.each([
    ["no signature at all", { alg: "none", typ: kinds.browser.typ }],
    ["none, in other letters", { alg: "nOnE", typ: kinds.browser.typ }],
    ["no algorithm", { typ: kinds.browser.typ }],
  ])("refuses %s", async (_, header) => {
    const [, payload] = (await mint("browser")).split(".");
    const [key] = await keysOf(realm, "browser");
    expect(
      await outcomeOf("browser", `${base64({ ...header, kid: key?.kid })}.${payload}.`),
    ).toMatchObject(refused);
  });

  it("refuses the public key as an HMAC secret (RFC 8725, section 2.1)", async () => {
    const [key] = await keysOf(realm, "browser");
    const [, payload] = (await mint("browser")).split(".");
    const head = `${base64({ alg: "HS256", typ: kinds.browser.typ, kid: key?.kid })}.${payload}`;
    const publicForms = [
      key?.jwk.x,
      await exportSPKI(key?.publicKey as CryptoKey),
      JSON.stringify(key?.jwk),
      secret,
    ];
    for (const form of publicForms) {
      const mac = createHmac("sha256", form ?? "")
        .update(head)
        .digest("base64url");
      expect(await outcomeOf("browser", `${head}.${mac}`)).toMatchObject(refused);
    }
  });

  it("refuses the attacker's own key, wherever the header says that it is", async () => {
    const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
    const jwk = await exportJWK(publicKey);
    const headers = [
      {},
      { jwk },
      { jku: "https://evil.example/jwks.json" },
      { x5u: "https://evil.example/cert.pem" },
      { kid: jwk.x ?? "" },
      { kid: "../../dev/null" },
      { kid: "' OR 1=1 --" },
      { kid: "__proto__" },
      { kid: "" },
    ];
    for (const header of headers) {
      expect(
        await outcomeOf("browser", await forge(header, (jwt) => jwt.sign(privateKey))),
      ).toMatchObject(refused);
    }
  });

  it("refuses another algorithm with a key of ours named", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    expect(
      await outcomeOf("browser", await forge({ alg: "ES256" }, (jwt) => jwt.sign(privateKey))),
    ).toMatchObject(refused);
  });

  it.each([
    ["another issuer", {}, { iss: "https://evil.example" }],
    ["several issuers", {}, { iss: ["disco"] }],
    ["another audience", {}, { aud: "disco:access" }],
    ["no audience", {}, { aud: undefined }],
    ["no subject", {}, { sub: undefined }],
    ["a subject that is none", {}, { sub: { id: "u1" } }],
    ["another type", { typ: "JWT" }, {}],
    ["the type of access tokens", { typ: "at+jwt" }, {}],
    ["no type", { typ: undefined }, {}],
    ["a kid that names no key", { kid: "unknown" }, {}],
    ["no kid", { kid: undefined }, {}],
    ["a start in an hour", {}, { nbf: now() + 3_600 }],
  ])("refuses %s, although we signed it", async (_, header, claims) => {
    expect(await outcomeOf("browser", await signedByUs(header, claims))).toMatchObject(refused);
  });

  it("takes what we signed when nothing of it is wrong", async () => {
    const token = await signedByUs({ jku: "https://evil.example/jwks.json" }, {});
    expect(await verifyToken(realm, "browser", token)).toMatchObject(inputs.browser);
  });

  it("refuses what was issued in the future, or lives longer than its kind", async () => {
    expect(await outcomeOf("browser", await mint("browser", { now: now() + 60 }))).toMatchObject(
      refused,
    );
    const [key] = await keysOf(realm, "ticket");
    const long = await new SignJWT(inputs.ticket)
      .setProtectedHeader({ alg: "EdDSA", typ: kinds.ticket.typ, kid: key?.kid ?? "" })
      .setIssuer("disco")
      .setAudience("disco:ticket")
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(key?.privateKey as CryptoKey);
    expect(await outcomeOf("ticket", long)).toMatchObject(refused);
  });

  it("refuses one changed byte anywhere", async () => {
    const [head = "", payload = "", signature = ""] = (await mint("browser")).split(".");
    const others = {
      ...inputs.browser,
      sub: "u2",
      iss: "disco",
      aud: "disco:browser",
      exp: now() + 60,
    };
    expect(await outcomeOf("browser", `${head}.${base64(others)}.${signature}`)).toMatchObject(
      refused,
    );
    expect(
      await outcomeOf("browser", `${head}.${payload}.${randomBytes(64).toString("base64url")}`),
    ).toMatchObject(refused);
    for (const text of ["", "a.b.c", `${head}.${payload}`, `${head}.${payload}.`, "null", "{}"]) {
      expect(await outcomeOf("browser", text)).toMatchObject(refused);
    }
  });
});
