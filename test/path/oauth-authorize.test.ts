import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConsent } from "#test/support/http-browser.ts";
import { type AuthorizeParameters, OAuthRig, pkcePair, REDIRECT } from "#test/support/oauth-rig.ts";
import { redirectVariants } from "#test/support/redirect-variants.ts";

let rig: OAuthRig;
let client: string;
let asked: AuthorizeParameters;
beforeAll(async () => {
  rig = await OAuthRig.start();
  client = await rig.register({ redirect_uris: [REDIRECT, "http://127.0.0.1:3000/callback"] });
  asked = { client_id: client, code_challenge: pkcePair().challenge };
});
afterAll(() => rig.close());

async function ask(parameters: AuthorizeParameters, browser = rig.browser) {
  const answer = await browser.open(rig.authorizeUrl({ ...asked, ...parameters }));
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** What the client is told at its own address. */
async function errorAtClient(parameters: AuthorizeParameters): Promise<Record<string, string>> {
  const { status, headers } = await ask(parameters);
  expect(status).toBe(303);
  const location = new URL(headers.get("Location") ?? "");
  expect(location.origin + location.pathname).toBe(REDIRECT);
  return Object.fromEntries(location.searchParams);
}

describe("redirect_uri", () => {
  it.each(redirectVariants)("refuses %j without sending anything there", async (uri) => {
    const { status, headers, text } = await ask({ redirect_uri: uri });
    expect([status, headers.get("Location")]).toEqual([400, null]);
    expect(text).toContain("redirect_uri is not one that the client registered");
  });

  it("is not left out, and not given twice", async () => {
    expect((await ask({ redirect_uri: undefined })).status).toBe(400);
    const twice = `${rig.authorizeUrl(asked)}&redirect_uri=https://evil.example/`;
    const answer = await rig.browser.open(twice);
    expect([answer.status, answer.headers.get("Location")]).toEqual([400, null]);
    await answer.text();
  });

  it("may have any port on loopback, which the page warns of", async () => {
    const { status, text } = await ask({ redirect_uri: "http://127.0.0.1:5555/callback" });
    expect(status).toBe(200);
    expect(text).toContain("Let a program on this computer in?");
    expect(text).toContain("127.0.0.1:5555");
    expect(text).toContain("Any program on this computer can ask like this");
  });
});

describe("PKCE", () => {
  it.each([
    ["no challenge", { code_challenge: undefined, code_challenge_method: undefined }],
    ["no method, which means plain", { code_challenge_method: undefined }],
    ["plain", { code_challenge_method: "plain" }],
    ["an unknown method", { code_challenge_method: "S512" }],
    ["s256", { code_challenge_method: "s256" }],
    ["a short challenge", { code_challenge: "short" }],
    ["an empty challenge", { code_challenge: "" }],
    ["a challenge that is none", { code_challenge: `${"a".repeat(42)}=` }],
  ])("refuses %s, with state and iss", async (_what, parameters) => {
    expect(await errorAtClient(parameters)).toMatchObject({
      error: "invalid_request",
      state: "the state",
      iss: rig.app,
    });
  });

  it("is asked of clients with a secret as well", async () => {
    const confidential = await rig.register({ token_endpoint_auth_method: "client_secret_post" });
    const without = { code_challenge: undefined, code_challenge_method: undefined };
    expect(await errorAtClient({ ...without, client_id: confidential })).toMatchObject({
      error: "invalid_request",
    });
  });
});

describe("an authorization request", () => {
  it.each([
    ["response_type", { response_type: "token" }, "unsupported_response_type"],
    ["response_type", { response_type: undefined }, "invalid_request"],
    ["scope", { scope: "everything root" }, "invalid_scope"],
    ["resource", { resource: "https://other.example/mcp" }, "invalid_target"],
    ["resource", { resource: "http://localhost:1/mcp" }, "invalid_target"],
  ])("with a wrong %s is refused at the client", async (_name, parameters, error) => {
    expect(await errorAtClient(parameters)).toMatchObject({ error, iss: rig.app });
  });

  it("of an unknown client goes nowhere", async () => {
    for (const id of ["", "nobody", `${client}x`, "https://localhost/client.json"]) {
      const { status, headers } = await ask({ client_id: id });
      expect(status, id).toBeGreaterThanOrEqual(400);
      expect(headers.get("Location"), id).toBeNull();
    }
  });

  it("leads from other names of this machine to the page's, where the cookie is", async () => {
    const url = rig.authorizeUrl(asked, rig.app);
    const answer = await rig.browser.open(url);
    expect(answer.headers.get("Location")).toBe(url.replace(rig.app, rig.page));
    await answer.text();
  });

  it("asks a browser that is not signed in to sign in, and allows nothing", async () => {
    const { status, text } = await ask({}, rig.newBrowser());
    expect(status).toBe(401);
    expect(text).toContain("npm start");
    expect(readConsent(text).handle).toBe("");
  });
});

describe("a flood of requests for pages", () => {
  it("is bounded for each address, of IP version 6 for its network", async () => {
    const from = async (address: string): Promise<number> => {
      const headers = { "CF-Connecting-IP": address };
      const answer = await rig.browser.open(rig.authorizeUrl(asked), { headers });
      await answer.text();
      return answer.status;
    };
    const flood = await Promise.all(
      Array.from({ length: 400 }, (_, index) => from(`2001:db8:1:2::${index}`)),
    );
    expect(flood.filter((status) => status === 200).length).toBeGreaterThanOrEqual(300);
    expect(flood).toContain(429);
    expect(await from("2001:db8:1:3::1")).toBe(200);
  });
});

describe("a request that nobody sees the answer of", () => {
  it.each(["image", "iframe", "empty"])(
    "leaves no cookie and no record when it is for %j",
    async (purpose) => {
      const headers = { "Sec-Fetch-Dest": purpose };
      const waiting = () =>
        rig.edge.worker.query(
          "EMBEDDED_REDIS",
          "store",
          "SELECT key FROM keys WHERE key LIKE 'oauth:consent:%'",
        );
      const before = (await waiting()).length;
      const answer = await rig.browser.open(rig.authorizeUrl(asked), { headers });
      await answer.text();
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
      expect(await waiting()).toHaveLength(before);
    },
  );

  it("is none when a person opens the address, in a browser of any age", async () => {
    for (const headers of [{ "Sec-Fetch-Dest": "document" }, {}]) {
      const answer = await rig.browser.open(rig.authorizeUrl(asked), { headers });
      await answer.text();
      expect(answer.status).toBe(200);
    }
  });
});

describe("the consent page", () => {
  it("can be framed by nobody, runs nothing of others, and its form leads to the client only", async () => {
    const { headers } = await ask({});
    expect(headers.get("X-Frame-Options")).toBe("DENY");
    expect(headers.get("Cache-Control")).toBe("no-store");
    const policy = headers.get("Content-Security-Policy") ?? "";
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self' https://client.example;");
    expect(policy).toContain("script-src 'self';");
    const refused = await ask({ client_id: "nobody" });
    expect(refused.headers.get("X-Frame-Options")).toBe("DENY");
  });

  it("shows where the code goes first, and a client's words as the text that they are", async () => {
    const id = await rig.register({
      client_name: '<img src=x onerror="alert(1)">\u202eTPGtahC</h1> chatgpt.com',
      logo_uri: "https://evil.example/logo.png",
      client_uri: "https://chatgpt.com/",
    });
    const { text } = await ask({ client_id: id });
    expect(text).not.toMatch(/<img src=x|\u202e|evil\.example/);
    const main = text.slice(text.indexOf("<main"));
    expect(main.indexOf("client.example")).toBeLessThan(main.indexOf("It calls itself"));
    expect(main).toContain("Nobody has checked that name");
  });

  it("says in words what the client may do, and grants no more", async () => {
    const { text } = await ask({ scope: "files:read unknown:scope offline_access" });
    expect(text).toContain("Read and search your files");
    expect(text).not.toContain("Run commands");
    const { text: git } = await ask({ scope: "git:read" });
    expect(git).toContain("list those that you have at GitHub, private ones too");
    const tokens = await rig.tokens(client, { scope: "files:read unknown:scope" });
    expect(tokens.scope).toBe("files:read");
    expect(await rig.statusWith(tokens.access_token)).toBe(403);
  });
});
