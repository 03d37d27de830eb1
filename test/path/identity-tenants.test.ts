import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cookieOf, EdgeRig, TEST_REALM } from "#test/support/edge-rig.ts";
import { problem, problemOf } from "#test/support/face-errors.ts";
import { mintToken } from "#worker/identity/tokens.ts";

let rig: EdgeRig;
let container: string;
let other: Record<string, string>;

beforeAll(async () => {
  rig = await EdgeRig.start();
  container = await rig.container();
  const claims = {
    sub: "somebody-else",
    client_id: "k",
    client_name: "k",
    scope: "containers:read files:read",
  };
  other = { Authorization: `Bearer ${await mintToken(TEST_REALM, "local", claims)}` };
});
afterAll(() => rig.close());

describe("another user", () => {
  it("has a container of its own", async () => {
    const answer = await rig.api("/api/v1/containers/current", { headers: other });
    const own = ((await answer.json()) as { container: string }).container;
    expect(own).toMatch(/^c_/);
    expect(own).not.toBe(container);
  });

  it("cannot tell somebody's container from one that does not exist", async () => {
    const unknown = `c_${"0".repeat(32)}`;
    const seen = [];
    for (const id of [container, unknown]) {
      const answer = await rig.api(`/api/v1/containers/${id}`, { headers: other });
      const { httpStatus, detail, ...rest } = await problemOf(answer);
      expect({ httpStatus, ...rest }).toMatchObject(problem("container_not_found"));
      seen.push(detail.replace(id, "ID"));
    }
    expect(seen[0]).toBe(seen[1]);
  });

  it("gets no ticket for somebody's container [OPEN-3]", async () => {
    const claim = await mintToken(TEST_REALM, "claim", {
      sub: "somebody-else",
      name: "Other",
      jti: crypto.randomUUID(),
    });
    const Cookie = cookieOf(await rig.postFromPage("/auth/sign-in", { claim }));
    const answer = await rig.postFromPage("/auth/tickets", { container }, { Cookie });
    expect(await problemOf(answer)).toMatchObject(problem("container_not_found"));
  });
});

describe("the page's routes", () => {
  it("name what is wrong with a body", async () => {
    const answer = await rig.postFromPage("/auth/sign-in", { claims: "x" });
    const seen = await problemOf(answer);
    expect(seen).toMatchObject(problem("invalid_input"));
    expect(seen.detail).toContain("claim");
  });

  it("take no socket without an upgrade", async () => {
    const answer = await rig.fromPage(`/relay/${container}`);
    expect(await problemOf(answer)).toMatchObject(problem("invalid_input"));
  });

  it("set no cookie for other sites", async () => {
    const answer = await rig.postFromPage("/auth/sign-in", {}, { Origin: "https://claude.ai" });
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
    expect(await problemOf(answer)).toMatchObject(problem("origin_not_allowed"));
  });
});
