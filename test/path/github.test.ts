import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DeploymentRig } from "#test/support/deployment-rig.ts";
import { readConsent } from "#test/support/http-browser.ts";
import { pkcePair, REDIRECT } from "#test/support/oauth-rig.ts";

let rig: DeploymentRig;
beforeAll(async () => {
  rig = await DeploymentRig.start();
});
afterAll(() => rig.close());
beforeEach(() => {
  rig.github.agrees = true;
  rig.github.person = { id: 1815, login: "ada", name: "Ada Lovelace" };
});

const ended = async (answer: { status: number; text(): Promise<string> }) => {
  await answer.text();
  return answer.status;
};

describe("sign-in with GitHub", () => {
  it("makes a user at the first time and finds it again, whatever it is called by then", async () => {
    const browser = rig.newBrowser();
    expect((await rig.me(browser)).status).toBe(401);
    const answer = await rig.signIn(browser);
    expect(await ended(answer)).toBe(303);
    expect(answer.headers.get("Location")).toBe("/sandbox");
    expect(await rig.me(browser)).toEqual({ status: 200, name: "Ada Lovelace" });
    rig.github.person = { id: 1815, login: "ada-l", name: null };
    const other = rig.newBrowser();
    await ended(await rig.signIn(other));
    expect(await rig.me(other)).toEqual({ status: 200, name: "ada-l" });
  });

  it("gives the browser a cookie that only this host gets, and a new one each time", async () => {
    const browser = rig.newBrowser();
    const first = await rig.signIn(browser);
    const line = first.headers.getSetCookie().find((one) => one.startsWith("__Host-disco="));
    expect(line).toMatch(/Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    await first.text();
    const again = await rig.signIn(browser);
    await again.text();
    expect(again.headers.getSetCookie()).not.toContain(line);
  });

  it("is asked of GitHub without scopes, with PKCE, and at one redirect URI", async () => {
    const away = await rig.open(rig.newBrowser(), "/api/v1/auth/github");
    const url = new URL(away.headers.get("Location") ?? "");
    await away.text();
    expect(url.origin + url.pathname).toBe(`${rig.github.url}/login/oauth/authorize`);
    expect(url.searchParams.get("scope")).toBeNull();
    expect(url.searchParams.get("code_challenge_method")).toBe("S256");
    expect(url.searchParams.get("redirect_uri")).toBe(`${rig.origin}/api/v1/auth/github/callback`);
    expect(url.searchParams.get("state")).toMatch(/^[\w-]{43}$/);
  });

  it("is not begun by an image in another page", async () => {
    const headers = { "Sec-Fetch-Dest": "image" };
    const answer = await rig.open(rig.newBrowser(), "/api/v1/auth/github", { headers });
    expect(await ended(answer)).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it("signs nobody in whose browser did not begin it (login CSRF)", async () => {
    const attacker = rig.newBrowser();
    const away = await rig.open(attacker, "/api/v1/auth/github");
    await away.text();
    const back = await rig.github.visit(away.headers.get("Location") ?? "");
    const victim = rig.newBrowser();
    const answer = await rig.open(victim, back.href);
    expect(await ended(answer)).toBe(401);
    expect((await rig.me(victim)).status).toBe(401);
    // Nor with a state of the victim's own and a code of the attacker's.
    const own = await rig.open(victim, "/api/v1/auth/github");
    await own.text();
    const state = new URL(own.headers.get("Location") ?? "").searchParams.get("state") ?? "";
    back.searchParams.set("state", state);
    expect(await ended(await rig.open(victim, back.href))).toBe(401);
    expect((await rig.me(victim)).status).toBe(401);
  });

  it("takes each state once", async () => {
    const browser = rig.newBrowser();
    const away = await rig.open(browser, "/api/v1/auth/github");
    await away.text();
    const back = await rig.github.visit(away.headers.get("Location") ?? "");
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => ended(await rig.open(browser, back.href))),
    );
    expect(answers.toSorted((one, other) => one - other)).toEqual([
      303,
      ...Array.from({ length: 9 }, () => 401),
    ]);
    expect(await ended(await rig.open(browser, back.href))).toBe(401);
  });

  it("says in words that the person declined, or that GitHub does not confirm", async () => {
    rig.github.agrees = false;
    const declined = await rig.signIn(rig.newBrowser());
    expect(declined.status).toBe(401);
    expect(declined.headers.get("X-Frame-Options")).toBe("DENY");
    expect(await declined.text()).toContain("You declined at GitHub.");
    rig.github.agrees = true;
    const browser = rig.newBrowser();
    const away = await rig.open(browser, "/api/v1/auth/github");
    await away.text();
    const back = await rig.github.visit(away.headers.get("Location") ?? "");
    back.searchParams.set("code", "guessed");
    const refused = await rig.open(browser, back.href);
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain("GitHub did not confirm the sign-in.");
  });

  it.each([
    "https://evil.example/",
    "//evil.example/sandbox",
    "/\\evil.example/sandbox",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/auth/sign-out",
    "/sandbox/../token",
    "sandbox",
    "",
    "/%2f%2fevil.example",
  ])("leads back to a page of ours, also for return_to=%j", async (to) => {
    const path = `/api/v1/auth/github?return_to=${encodeURIComponent(to)}`;
    const answer = await rig.signIn(rig.newBrowser(), path);
    await answer.text();
    expect(answer.headers.get("Location")).toBe("/sandbox");
  });

  it("leads back to where the person was", async () => {
    const answer = await rig.signIn(rig.newBrowser(), "/api/v1/auth/github?return_to=/docs");
    await answer.text();
    expect(answer.headers.get("Location")).toBe("/docs");
  });
});

describe("a client whose person is not signed in", () => {
  async function toGithub(browser = rig.newBrowser()) {
    const client = await rig.register();
    const { verifier, challenge } = pkcePair();
    const visits = rig.github.visits;
    const page = await rig.open(browser, rig.authorizePath(client, challenge));
    expect(page.status).toBe(200);
    const text = await page.text();
    // Whoever is signed in at GitHub: nothing goes there before the person says yes here.
    expect(rig.github.visits).toBe(visits);
    expect(text).toContain("Allow, and sign in with GitHub");
    const { handle, chosen } = readConsent(text);
    const answer = await rig.submit(browser, "/authorize", {
      handle,
      container: chosen,
      answer: "allow",
    });
    await answer.text();
    return { browser, client, verifier, page, location: answer.headers.get("Location") ?? "" };
  }

  it("is asked about first, then goes to GitHub, and comes back with a code", async () => {
    const { browser, client, verifier, page, location } = await toGithub();
    const policy = page.headers.get("Content-Security-Policy") ?? "";
    expect(policy).toContain(`form-action 'self' https://client.example ${rig.github.url};`);
    const back = await rig.github.visit(location);
    const answer = await rig.open(browser, back.href);
    await answer.text();
    const redirect = new URL(answer.headers.get("Location") ?? "");
    expect(redirect.origin + redirect.pathname).toBe(REDIRECT);
    expect(redirect.searchParams.get("iss")).toBe(rig.origin);
    const code = redirect.searchParams.get("code") ?? "";
    const tokens = (await (await rig.redeem(client, code, verifier)).json()) as {
      access_token: string;
    };
    expect(await rig.statusWith(tokens.access_token)).toBe(200);
    // GitHub's token stays here.
    expect(JSON.stringify(tokens)).not.toContain("gho_");
  });

  it("gets nothing when another browser comes back from GitHub", async () => {
    const { location } = await toGithub();
    const back = await rig.github.visit(location);
    const answer = await rig.open(rig.newBrowser(), back.href);
    expect([await ended(answer), answer.headers.get("Location")]).toEqual([401, null]);
  });

  it("gets nothing by going to GitHub past the consent page", async () => {
    const browser = rig.newBrowser();
    const answer = await rig.signIn(browser);
    await answer.text();
    expect(answer.headers.get("Location")).toBe("/sandbox");
    const page = await rig.open(browser, rig.authorizePath(await rig.register()));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("You are signed in as Ada Lovelace.");
  });
});
