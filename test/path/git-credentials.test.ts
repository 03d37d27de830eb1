import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GitRig } from "#test/support/git-rig.ts";

const TOKEN = "a-token-that-nobody-may-see";

let rig: GitRig;
beforeAll(async () => {
  rig = await GitRig.start();
  for (const name of ["open.git", "other.git"]) await rig.server.createWithCommit(name);
});
afterAll(() => rig.close());
beforeEach(async () => {
  rig.server.intercept = () => false;
  rig.server.credential = null;
  await rig.revokeAll();
});

describe("redirects", () => {
  const moved = (location: string): void => {
    rig.server.intercept = (request, response) => {
      if (!request.url?.startsWith("/old.git")) return false;
      response.writeHead(301, { Location: location }).end();
      return true;
    };
  };

  it("to another host are refused, and the error names it", async () => {
    await rig.allow("old.git", "read");
    for (const place of ["https://evil.example/x", "http://localhost:1/x", "//evil.example/x"]) {
      moved(place);
      const answer = await rig.ask("old.git/info/refs?service=git-upload-pack");
      expect(answer.code).toBe("network_refused");
      expect(answer.detail).toMatch(/redirects to https?:\/\/\S+, which is not followed/);
    }
    moved("https://evil.example/x");
    const said = await rig.ours(["ls-remote", rig.server.url("old.git")]);
    expect(said.code).toBe(128);
    expect(said.stderr).toMatch(/redirects to https:\/\/evil\.example/);
    expect(said.stderr).toMatch(/\ndisco: reason=redirect_refused\n$/);
  });

  it("on the same host are followed by git, which needs the permission there too", async () => {
    await rig.allow("old.git", "read");
    moved(`/open.git/info/refs?service=git-upload-pack`);
    const refused = await rig.ours(["ls-remote", rig.server.url("old.git")]);
    expect(refused.stderr).toMatch(
      /neither the host nor .*open has been granted[\s\S]*host_not_allowed\n$/,
    );
    await rig.allow("open.git", "read");
    const said = await rig.ours(["ls-remote", rig.server.url("old.git")]);
    expect(said.stdout).toMatch(/\tHEAD\n.*\trefs\/heads\/main\n$/);
  });
});

describe("credentials", () => {
  const scope = (): string => `http://host.disco.internal:${rig.server.port}`;
  const add = async (place: string, token = TOKEN): Promise<string> => {
    const answer = await rig.page("POST", "/credentials", { scope: place, username: "ada", token });
    return answer.text();
  };

  it("are used for repositories that the person named, and for no other", async () => {
    rig.server.credential = `ada:${TOKEN}`;
    await rig.allow("open.git", "read");
    const before = await rig.ours(["ls-remote", rig.server.url("open.git")]);
    expect(before.stderr).toMatch(
      /Authentication failed for[\s\S]*\ndisco: reason=authentication_failed\n$/,
    );
    await expect
      .poll(() => rig.wishes)
      .toContainEqual(
        expect.objectContaining({ repository: rig.server.url("open"), access: "read" }),
      );
    await add(scope(), "a-wrong-one");
    const wrong = await rig.ours(["ls-remote", rig.server.url("open.git")]);
    expect(wrong.stderr).toContain("reason=authentication_failed");
    await add(scope());
    expect((await rig.ours(["ls-remote", rig.server.url("open.git")])).code).toBe(0);
    await rig.egress.allow(scope());
    const open = await rig.ours(["ls-remote", rig.server.url("other.git")]);
    await rig.egress.revoke(scope());
    expect(open.stderr).toContain("reason=authentication_failed");
  });

  it("of one repository allow reading it, and serve no other", async () => {
    rig.server.credential = `ada:${TOKEN}`;
    await add(rig.server.url("open.git"));
    expect((await rig.ours(["ls-remote", rig.server.url("open.git")])).code).toBe(0);
    await rig.allow("other.git", "read");
    expect((await rig.ours(["ls-remote", rig.server.url("other.git")])).code).toBe(128);
  });

  it("are never told, neither by the routes nor by errors nor by the store", async () => {
    rig.server.credential = "ada:another";
    const said = [await add(scope()), await (await rig.page("GET", "")).text()];
    await rig.allow("open.git", "read");
    const failed = await rig.ours(["fetch", rig.server.url("open.git")]);
    said.push(failed.stdout, failed.stderr);
    const rows = await rig.egress.edge.worker.query(
      "EMBEDDED_REDIS",
      "store",
      "SELECT * FROM members",
    );
    said.push(JSON.stringify(rows));
    expect(said.join("\n")).toContain("git-credentials");
    expect(said.join("\n")).not.toContain(TOKEN);
    expect(said.join("\n")).not.toContain(btoa(`ada:${TOKEN}`));
  });

  it("are changed by the page alone", async () => {
    const { edge, container } = rig.egress;
    const path = `/auth/git/${container}/credentials`;
    const body = JSON.stringify({ scope: scope(), username: "ada", token: TOKEN });
    const headers = { "Content-Type": "application/json" };
    const anonymous = await edge.fromPage(path, { method: "POST", headers, body });
    expect(anonymous.status).toBe(401);
    const foreign = await rig.egress.page(
      "POST",
      JSON.parse(body) as object,
      "/credentials",
      { Origin: rig.egress.runtime },
      "git",
    );
    expect(foreign.status).toBe(403);
    const client = await edge.api(path, { method: "POST", headers, body });
    expect(client.status).toBe(403);
    await Promise.all([anonymous.text(), foreign.text(), client.text()]);
  });

  it("for plain http go to this machine only", async () => {
    const answer = await rig.page("POST", "/credentials", {
      scope: "http://example.com",
      username: "ada",
      token: TOKEN,
    });
    expect(await answer.text()).toContain("https only");
  });
});
