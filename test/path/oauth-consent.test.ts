import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpBrowser } from "#test/support/http-browser.ts";
import { readConsent } from "#test/support/http-browser.ts";
import { OAuthRig, pkcePair, REDIRECT } from "#test/support/oauth-rig.ts";

let rig: OAuthRig;
let client: string;
beforeAll(async () => {
  rig = await OAuthRig.start();
  client = await rig.register();
});
afterAll(() => rig.close());

async function openConsent(browser = rig.browser, id = client) {
  const asked = { client_id: id, code_challenge: pkcePair().challenge };
  const answer = await browser.open(rig.authorizeUrl(asked));
  return readConsent(await answer.text());
}

async function submit(
  fields: Record<string, string>,
  headers: Record<string, string> = {},
  browser: HttpBrowser = rig.browser,
) {
  const answer = await browser.submit(`${rig.page}/authorize`, fields, headers);
  await answer.text();
  return { status: answer.status, location: answer.headers.get("Location") };
}

describe("the person's answer", () => {
  it("counts once", async () => {
    const { handle, chosen } = await openConsent();
    const fields = { handle, container: chosen, answer: "allow" };
    const answers = await Promise.all(Array.from({ length: 10 }, () => submit(fields)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(9);
    expect((await submit(fields)).status).toBe(401);
  });

  it.each([
    ["a foreign site", { Origin: "https://evil.example" }],
    ["a preview of the container", { Origin: "http://p5173.disco.localhost" }],
    ["the origin null", { Origin: "null" }],
    ["another port of this machine", { Origin: "http://disco.localhost:1" }],
  ])("is not taken from %s", async (_who, headers) => {
    const { handle, chosen } = await openConsent();
    const fields = { handle, container: chosen, answer: "allow" };
    expect(await submit(fields, headers)).toEqual({ status: 403, location: null });
    // The forged attempt has not used the page up.
    expect((await submit(fields)).status).toBe(303);
  });

  it("is not taken from another browser, which has the handle but not the cookie", async () => {
    const other = rig.newBrowser();
    await rig.signIn(other);
    const { handle, chosen } = await openConsent();
    const fields = { handle, container: chosen, answer: "allow" };
    expect((await submit(fields, {}, other)).status).toBe(401);
    expect((await submit(fields)).status).toBe(303);
  });

  it("is not taken without the page's own handle", async () => {
    await openConsent();
    for (const handle of ["", "guessed", "x".repeat(43)]) {
      expect((await submit({ handle, container: "new", answer: "allow" })).status).toBe(401);
    }
  });

  it("is not taken when the browser has been signed out, or in again, meanwhile", async () => {
    const browser = rig.newBrowser();
    await rig.signIn(browser);
    const { handle, chosen } = await openConsent(browser);
    await (
      await browser.open(`${rig.page}/auth/sign-out`, {
        method: "POST",
        headers: { Origin: rig.page },
      })
    ).text();
    const fields = { handle, container: chosen, answer: "allow" };
    expect(await submit(fields, {}, browser)).toEqual({ status: 401, location: null });
  });

  it.each(["deny", "ALLOW", ""])(
    "of no (%j) is told to the client, with state and iss, and gives nothing",
    async (answer) => {
      const { handle, chosen: container } = await openConsent();
      const { location } = await submit({ handle, container, answer });
      const back = new URL(location ?? "");
      expect(back.origin + back.pathname).toBe(REDIRECT);
      expect(Object.fromEntries(back.searchParams)).toMatchObject({
        error: "access_denied",
        state: "the state",
        iss: rig.app,
      });
      expect(back.searchParams.has("code")).toBe(false);
    },
  );

  it("is asked for again, each time and for each client", async () => {
    await rig.tokens(client);
    expect((await openConsent()).handle).not.toBe("");
    expect((await openConsent(rig.browser, await rig.register())).handle).not.toBe("");
  });

  it("names a container of the person's own", async () => {
    const { handle } = await openConsent();
    const foreign = { handle, container: `c_${"0".repeat(32)}`, answer: "allow" };
    expect(await submit(foreign)).toEqual({ status: 404, location: null });
  });
});

describe("the container that a client works on", () => {
  const containerOf = async (token: string): Promise<string> => {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await rig.edge.worker.fetch(`${rig.app}/api/v1/containers/current`, { headers });
    return ((await answer.json()) as { container: string }).container;
  };

  it("is the open one for the first client, and a new one for the next", async () => {
    const container = await rig.edge.container();
    const tab = await rig.edge.openTab(container, await rig.edge.ticket(container));
    tab.hello();
    await tab.welcome();
    const own = await OAuthRig.start(rig.edge);
    // The token of this machine is a client too, and has worked on it.
    const [first, second] = [await own.register(), await own.register()];
    const asked = { code_challenge: pkcePair().challenge };
    const open = await own.browser.open(own.authorizeUrl({ ...asked, client_id: first }));
    const page = await open.text();
    const { containers } = readConsent(page);
    expect(containers).toContain(container);
    expect(containers.at(-1)).toBe("new");
    const bound = await own.code(first);
    expect(bound.code).not.toBe("");
    const firstTokens = await own.tokens(first);
    const secondTokens = await own.tokens(second);
    expect(await containerOf(firstTokens.access_token)).not.toBe(
      await containerOf(secondTokens.access_token),
    );
    await tab.close();
  });

  it("is the chosen one, also when another client uses it", async () => {
    const container = await rig.edge.container();
    const { verifier, challenge } = pkcePair();
    const id = await rig.register();
    const asked = { client_id: id, code_challenge: challenge };
    const back = await rig.consent(asked, { container });
    const code = new URL(back.headers.get("Location") ?? "").searchParams.get("code") ?? "";
    const answer = await rig.redeem(id, code, verifier);
    const { access_token } = (await answer.json()) as { access_token: string };
    expect(await containerOf(access_token)).toBe(container);
  });
});
