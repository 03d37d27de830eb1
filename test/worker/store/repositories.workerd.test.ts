import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedStore, startEmbeddedStore } from "#test/support/redis-embedded.ts";
import { type Containers, createContainers } from "#worker/store/containers.ts";
import { createGrants } from "#worker/store/grants.ts";
import { createUsedTokens } from "#worker/store/used-tokens.ts";

let store: EmbeddedStore;
let containers: Containers;
beforeAll(async () => {
  store = await startEmbeddedStore();
  containers = createContainers(store.redis, () => 1_795_132_800_000);
});
afterAll(() => store.close());

describe("containers", () => {
  it("makes a user's default container once, however many ask at the same time", async () => {
    const found = await Promise.all(
      Array.from({ length: 10 }, () => containers.findOrCreateDefault("ada")),
    );
    const [first] = found;
    expect(first).toEqual({
      id: expect.stringMatching(/^c_[0-9a-f]{32}$/),
      user: "ada",
      name: "default",
      createdAt: 1_795_132_800_000,
    });
    for (const each of found) expect(each).toEqual(first);
    // The losers' records are removed again.
    const records = (await store.storedKeys()).filter((key) => key.startsWith("container:"));
    expect(records).toEqual([`container:${first?.id}`]);
  });

  it("gives users containers of their own, and finds them by id", async () => {
    const grace = await containers.findOrCreateDefault("grace");
    const linus = await containers.findOrCreateDefault("linus");
    expect(grace.id).not.toBe(linus.id);
    expect(await containers.get(grace.id)).toEqual(grace);
    expect(await containers.get("c_00000000000000000000000000000000")).toBeUndefined();
  });

  it.each([
    ["is not JSON", "{"],
    ["lacks a field", '{"id":"c_1"}'],
  ])("refuses a record that %s", async (_, text) => {
    await store.redis.set("container:damaged", text);
    await expect(containers.get("damaged")).rejects.toMatchObject({ code: "internal" });
  });

  it("tells when the default container has lost its record", async () => {
    const { id } = await containers.findOrCreateDefault("carol");
    await store.redis.del(`container:${id}`);
    await expect(containers.findOrCreateDefault("carol")).rejects.toMatchObject({
      code: "internal",
    });
  });
});

describe("tickets", () => {
  it("admit once, however many try at the same time [OPEN-3]", async () => {
    const used = createUsedTokens(store.redis);
    const tries = await Promise.all(
      Array.from({ length: 10 }, () => used.redeem("ticket", "ticket-1", 60)),
    );
    expect(tries.filter(Boolean)).toHaveLength(1);
    expect(await used.redeem("ticket", "ticket-2", 60)).toBe(true);
  });

  it("are remembered as long as they are valid [OPEN-3]", async () => {
    const used = createUsedTokens(store.redis);
    expect(await used.redeem("ticket", "ticket-3", 60)).toBe(true);
    const seconds = await store.redis.ttl("ticket:ticket-3");
    expect(seconds).toBeGreaterThan(40);
    expect(seconds).toBeLessThanOrEqual(60);
  });
});

describe("grants", () => {
  const rule = { scheme: "https", host: "api.example.com", port: 443 } as const;

  it("belong to one container, and say who allowed them and when", async () => {
    const grants = createGrants(store.redis, () => 1_795_132_800_000);
    const given = { rule, since: 1_795_132_800_000, by: "ada" };
    expect(await grants.add("c_1", rule, "ada")).toEqual([given]);
    expect(await grants.add("c_1", rule, "grace")).toEqual([given]);
    expect(await grants.list("c_1")).toEqual([given]);
    expect(await grants.list("c_2")).toEqual([]);
    expect(await grants.remove("c_1", rule)).toEqual([]);
  });

  it.each([
    ["no host", "127.0.0.1", '{"since":1,"by":"ada"}'],
    ["no JSON", "https://api.example.com", "{"],
    ["nobody who allowed it", "https://api.example.com", '{"since":1}'],
  ])("allow nothing when one has %s", async (what, host, record) => {
    await store.redis.hset(`container:${what}:grants`, { [host]: record });
    await expect(createGrants(store.redis).list(what)).rejects.toMatchObject({ code: "internal" });
  });
});
