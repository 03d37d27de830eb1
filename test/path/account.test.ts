import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { workerAccount } from "#sandbox/tab/account.ts";
import { bearer, Person } from "#test/support/accounts.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";

/* The page's own code of the account, against the worker that answers it. */

let rig: EdgeRig;
let person: Person;
beforeAll(async () => {
  rig = await EdgeRig.start();
});
afterAll(() => rig.close());
beforeEach(async () => {
  person = await Person.signIn(rig, `person-${crypto.randomUUID()}`);
  vi.stubGlobal("fetch", (path: string, { method = "GET", body }: RequestInit = {}) =>
    person.page(
      method as "GET",
      path,
      typeof body === "string" ? (JSON.parse(body) as object) : undefined,
    ),
  );
});
afterEach(() => vi.unstubAllGlobals());

const containerOf = async (key: string): Promise<unknown> => {
  const answer = await rig.worker.fetch("/api/v1/containers/current", { headers: bearer(key) });
  return ((await answer.json()) as { container?: string }).container;
};
const keyFor = (name: string) =>
  workerAccount.createKey({ name, scopes: ["containers:read"], container: "new" });

describe("the account in the page", () => {
  it("hands a container from one client to another", async () => {
    const chatgpt = await keyFor("ChatGPT's");
    const claude = await keyFor("Claude's");
    const [first, second] = claude.account.clients;
    expect([first?.came_by, first?.name, second?.name]).toEqual([
      "api_key",
      "ChatGPT's",
      "Claude's",
    ]);
    expect(first?.container).not.toBe(second?.container);
    const after = await workerAccount.bind(second?.session ?? "", first?.container ?? "");
    expect(after.clients[1]?.container).toBe(first?.container);
    expect(await containerOf(claude.key)).toBe(await containerOf(chatgpt.key));
  });

  it("signs clients out, and revokes keys", async () => {
    const one = await keyFor("one");
    const two = await keyFor("two");
    const [first] = two.account.clients;
    const signedOut = await workerAccount.endClient(first?.session ?? "");
    expect(signedOut.api_keys.map(({ name }) => name)).toEqual(["two"]);
    const revoked = await workerAccount.revokeKey(signedOut.api_keys[0]?.id ?? "");
    expect([revoked.clients, revoked.api_keys]).toEqual([[], []]);
    expect(revoked.containers.map(({ name }) => name)).toEqual(["default", "one", "two"]);
    for (const { key } of [one, two]) expect(await containerOf(key)).toBeUndefined();
  });

  it("says what the worker says, in words", async () => {
    const wrong = workerAccount.bind(`s_${"0".repeat(32)}`, "new");
    await expect(wrong).rejects.toThrow("This client has been signed out.");
  });

  it.each(["signOut", "signOutEverywhere", "deleteMyData"] as const)("ends by %s", async (way) => {
    const { key } = await keyFor("a client");
    await workerAccount[way]();
    await expect(workerAccount.read()).rejects.toThrow("The sign-in is gone");
    expect((await containerOf(key)) === undefined).toBe(way !== "signOut");
  });
});
