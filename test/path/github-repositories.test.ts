import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DeploymentRig } from "#test/support/deployment-rig.ts";
import type { HttpBrowser } from "#test/support/http-browser.ts";
import { createGitGrants } from "#worker/store/git-grants.ts";

const ADA = { id: 1815, login: "ada", name: "Ada Lovelace" };
const PATH = "/auth/github/repositories";

let rig: DeploymentRig;
let ada: HttpBrowser;
beforeAll(async () => {
  rig = await DeploymentRig.start();
  rig.github.repositories.push(
    { full_name: "ada/engine", private: true, owner: "ada" },
    { full_name: "ada/notes", private: false, owner: "ada" },
    { full_name: "grace/compiler", private: true, owner: "grace" },
  );
  ada = rig.newBrowser();
  await (await rig.signIn(ada)).text();
});
afterAll(() => rig.close());
beforeEach(() => {
  rig.github.person = ADA;
});

const page = (browser: HttpBrowser, method: string, headers: Record<string, string> = {}) =>
  rig.open(browser, PATH, { method, headers: { Origin: rig.origin, ...headers } });

async function listed(browser = ada): Promise<{ connected: boolean; names: string[] }> {
  const answer = await page(browser, "GET");
  const { connected, repositories } = (await answer.json()) as {
    connected: boolean;
    repositories: { name: string }[];
  };
  return { connected, names: repositories.map(({ name }) => name) };
}

/** Where the page is told to go. */
async function away(browser = ada): Promise<string> {
  const answer = await page(browser, "POST");
  return ((await answer.json()) as { url: string }).url;
}

async function connect(browser = ada): Promise<number> {
  const back = await rig.github.visit(await away(browser));
  const answer = await rig.open(browser, back.href);
  await answer.text();
  return answer.status;
}

async function api(token: string, path: string, body?: object) {
  const answer = await rig.worker.fetch(`http://disco.example/api/v1/github/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe("access to repositories", () => {
  it("is not asked for to sign in, and given when the person wants it", async () => {
    expect(await listed()).toEqual({ connected: false, names: [] });
    const url = new URL(await away());
    expect(url.searchParams.get("scope")).toBe("repo");
    expect(await connect()).toBe(200);
    expect(await listed()).toEqual({ connected: true, names: ["ada/engine", "ada/notes"] });
  });

  it("is kept sealed, and taken back by the person", async () => {
    expect(await connect()).toBe(200);
    expect(JSON.stringify(await rig.store.rows())).not.toContain("gho_");
    const answer = await page(ada, "DELETE");
    expect(answer.status).toBe(204);
    await answer.text();
    expect(await listed()).toEqual({ connected: false, names: [] });
  });

  it("is begun by the page alone: by no link, and by no other site", async () => {
    for (const [method, headers] of [
      ["POST", { Origin: "https://evil.example" }],
      ["POST", { Origin: "https://p5173.disco.example" }],
      ["GET", { Origin: "https://evil.example" }],
      ["DELETE", { Origin: "https://evil.example" }],
    ] as const) {
      const answer = await page(ada, method, headers);
      expect(answer.status, method).toBe(403);
      await answer.text();
    }
    const nobody = await page(rig.newBrowser(), "POST");
    expect(nobody.status).toBe(401);
    await nobody.text();
  });

  it("is not taken from another account than the one that is signed in", async () => {
    await (await page(ada, "DELETE")).text();
    rig.github.person = { id: 1906, login: "grace", name: "Grace" };
    expect(await connect()).toBe(403);
    expect(await listed()).toEqual({ connected: false, names: [] });
    const me = await rig.me(ada);
    expect(me.name).toBe("Ada Lovelace");
  });

  it("is not taken by another browser than the one that asked", async () => {
    const back = await rig.github.visit(await away());
    const other = rig.newBrowser();
    await (await rig.signIn(other)).text();
    const answer = await rig.open(other, back.href);
    expect(answer.status).toBe(401);
    await answer.text();
    expect(await listed()).toEqual({ connected: false, names: [] });
  });
});

describe("clients", () => {
  it("list repositories once the person has connected them", async () => {
    await (await page(ada, "DELETE")).text();
    const { access_token: token } = await rig.tokens(ada);
    const before = await api(token, "repositories");
    expect([before.status, before.body["code"]]).toEqual([409, "github_not_connected"]);
    await connect();
    const after = await api(token, "repositories");
    expect(after.status).toBe(200);
    expect(after.body["repositories"]).toEqual([
      {
        name: "ada/engine",
        private: true,
        may_push: true,
        default_branch: "main",
        clone_url: "https://github.com/ada/engine.git",
        description: null,
      },
      expect.objectContaining({ name: "ada/notes", private: false }),
    ]);
  });

  it("need the scope for it", async () => {
    const { access_token: token } = await rig.tokens(ada, "&scope=files:read");
    expect((await api(token, "repositories")).body["code"]).toBe("insufficient_scope");
    const wish = { repository: "ada/engine", head: "x", base: "main", title: "t" };
    expect((await api(token, "pull-requests", wish)).body["code"]).toBe("insufficient_scope");
  });

  it("open a pull request for a branch that their container may push, and for no other", async () => {
    await connect();
    const { access_token: token } = await rig.tokens(ada);
    const wish = { repository: "ada/engine", head: "disco/fix", base: "main", title: "Fix it" };
    expect((await api(token, "pull-requests", wish)).body["code"]).toBe("push_not_granted");
    const container = await rig.containerOf(token);
    const grant = { access: "push", branches: "disco/*", by: "test" } as const;
    const repository = `${rig.github.url}/ada/engine`;
    await createGitGrants(rig.store.redis).put(container, { repository, ...grant });
    const opened = await api(token, "pull-requests", { ...wish, body: "Please." });
    expect(opened).toEqual({
      status: 200,
      body: { number: 1, url: `${rig.github.url}/ada/engine/pull/1` },
    });
    expect(rig.github.pulls).toEqual([
      { head: "disco/fix", base: "main", title: "Fix it", body: "Please.", draft: false },
    ]);
    for (const other of [
      { ...wish, head: "main" },
      { ...wish, repository: "grace/compiler" },
    ]) {
      expect((await api(token, "pull-requests", other)).body["code"]).toBe("push_not_granted");
    }
    for (const name of ["ada/../grace", "https://github.com/ada/engine", "ada", "a/b/c"]) {
      const odd = { ...wish, repository: name };
      expect((await api(token, "pull-requests", odd)).status).toBe(400);
    }
  });
});
