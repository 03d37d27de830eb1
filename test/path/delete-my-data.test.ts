import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, logIn, Person } from "#test/support/accounts.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";
import { problem, problemOf } from "#test/support/face-errors.ts";

let rig: EdgeRig;
beforeAll(async () => {
  rig = await EdgeRig.start();
});
afterAll(() => rig.close());

/** Keys of the store that name this user. */
async function keysOf(user: string): Promise<string[]> {
  const rows = await rig.worker.query("EMBEDDED_REDIS", "store", "SELECT key FROM keys");
  return rows.map(({ key }) => String(key)).filter((key) => key.includes(user));
}

describe("deleting my data", () => {
  it("leaves nothing of mine, and of others everything", async () => {
    const ada = await Person.signIn(rig, "ada");
    const grace = await Person.signIn(rig, "grace");
    const kept = await grace.newKey(["containers:read"]);
    const { key } = await ada.newKey(["containers:read"]);
    const { access_token: access } = await logIn(rig, key);
    const { containers } = await ada.account();
    const [container = { id: "" }] = containers;
    await (
      await ada.page("POST", `/auth/network/${container.id}`, { host: "api.example.com" })
    ).text();
    const repository = { repository: "https://github.com/ada/engine", access: "read" };
    const allowed = await ada.page("POST", `/auth/git/${container.id}/repositories`, repository);
    expect(allowed.status).toBe(200);
    await allowed.text();
    const ticket = await ada.page("POST", "/auth/tickets", { container: container.id });
    const tab = await rig.openTab(
      container.id,
      ((await ticket.json()) as { ticket: string }).ticket,
    );
    tab.hello();
    await tab.welcome();

    const answer = await ada.page("POST", "/auth/delete-my-data", { confirm: "delete my data" });
    expect(answer.status).toBe(204);
    await answer.text();

    // The tab learns that its container is gone, and deletes the files.
    expect(await tab.closed).toMatchObject({ code: 4410 });
    expect(await keysOf("ada")).toEqual(["user:ada"]);
    const ofContainers = await Promise.all(containers.map(({ id }) => keysOf(id)));
    expect(ofContainers.flat().filter((one) => !one.endsWith(":deleted"))).toEqual([]);
    for (const token of [key, access]) {
      const refused = await rig.worker.fetch("/api/v1/auth/verify", { headers: bearer(token) });
      expect(await problemOf(refused)).toMatchObject(problem("unauthenticated"));
    }
    expect((await ada.page("GET", "/auth/me")).status).toBe(401);
    const other = await rig.worker.fetch("/api/v1/auth/verify", { headers: bearer(kept.key) });
    expect(other.status).toBe(200);
  });

  it("wants the person's own words", async () => {
    const eve = await Person.signIn(rig, "eve");
    for (const body of [{}, { confirm: "yes" }]) {
      const answer = await eve.page("POST", "/auth/delete-my-data", body);
      expect(await problemOf(answer)).toMatchObject(problem("invalid_input"));
    }
    expect((await eve.page("GET", "/auth/me")).status).toBe(200);
  });
});
