import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTAINERS_MAX } from "#protocol/limits.ts";
import { type EmbeddedStore, startEmbeddedStore } from "#test/support/redis-embedded.ts";
import { type Containers, createContainers } from "#worker/store/containers.ts";
import { createGrants } from "#worker/store/grants.ts";
import { createGitCredentials } from "#worker/store/git-credentials.ts";
import { createGitGrants } from "#worker/store/git-grants.ts";
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

describe("the containers of a user", () => {
  let time = 1_795_132_800_000;
  const of = () => createContainers(store.redis, () => (time += 1));

  it("are listed, the oldest first, and nobody else's", async () => {
    const [one, two] = [await of().create("dan", "one"), await of().create("dan", "two")];
    await of().create("eva", "hers");
    expect(await of().list("dan")).toEqual([one, two]);
    expect(await of().list("nobody")).toEqual([]);
  });

  it("begin with one that was made before there was a list", async () => {
    const { id } = await of().findOrCreateDefault("old");
    await store.redis.del("user:old:containers");
    expect((await of().list("old")).map((record) => record.id)).toEqual([id]);
  });

  it("leave out what is only said to be this user's", async () => {
    const hers = await of().create("eva", "hers too");
    await store.redis.zadd("user:fred:containers", { score: 1, member: hers.id });
    await store.redis.zadd("user:fred:containers", { score: 2, member: "c_gone" });
    expect(await of().list("fred")).toEqual([]);
  });

  it("are never more than allowed, however many are made at the same time", async () => {
    const made = await Promise.allSettled(
      Array.from({ length: CONTAINERS_MAX + 5 }, (_, index) => of().create("greedy", `${index}`)),
    );
    const refused = made.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    for (const reason of refused) expect(reason).toMatchObject({ code: "too_many_containers" });
    const kept = await of().list("greedy");
    expect(kept).toHaveLength(made.length - refused.length);
    expect(kept.length).toBeLessThanOrEqual(CONTAINERS_MAX);
    const records = kept.map(({ id }) => `container:${id}`);
    expect(await store.storedKeys()).toEqual(expect.arrayContaining(records));
  });

  it("are renamed, but not back to life", async () => {
    const record = await of().create("hal", "before");
    expect(await of().rename(record, "after")).toEqual({ ...record, name: "after" });
    expect((await of().get(record.id))?.name).toBe("after");
    await of().remove("hal", record.id);
    expect(await of().rename(record, "zombie")).toBeUndefined();
    expect(await of().get(record.id)).toBeUndefined();
  });

  it("are remembered as deleted by their owner alone, and not for ever", async () => {
    const { id } = await of().create("ida", "short");
    await of().remove("ida", id);
    expect(await of().list("ida")).toEqual([]);
    expect([await of().wasDeleted("ida", id), await of().wasDeleted("jo", id)]).toEqual([
      true,
      false,
    ]);
    const days = (await store.redis.ttl(`container:${id}:deleted`)) / 86_400;
    expect(days).toBeGreaterThan(29);
    expect(days).toBeLessThanOrEqual(30);
  });

  it("have a default again after the first was deleted: the oldest, or a new one", async () => {
    const first = await of().findOrCreateDefault("kim");
    const second = await of().create("kim", "second");
    await of().remove("kim", first.id);
    expect(await of().findOrCreateDefault("kim")).toEqual(second);
    await of().remove("kim", second.id);
    const fresh = await of().findOrCreateDefault("kim");
    expect(fresh).toMatchObject({ name: "default" });
    expect([first.id, second.id]).not.toContain(fresh.id);
  });

  it("have a default again when the deletion stopped half way", async () => {
    const { id } = await of().findOrCreateDefault("lee");
    await of().remove("lee", id);
    await store.redis.set("user:lee:default-container", id);
    expect((await of().findOrCreateDefault("lee")).id).not.toBe(id);
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
    await grants.add("c_1", rule, "ada");
    await grants.clear("c_1");
    expect(await grants.list("c_1")).toEqual([]);
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

describe("git", () => {
  const repository = "https://github.com/owner/name";
  const grant = { repository, access: "read", branches: null, by: "ada" } as const;

  it("grants belong to one container, and become what was said last", async () => {
    let now = 5;
    const grants = createGitGrants(store.redis, () => now++);
    await grants.put("c_git", grant);
    await grants.put("c_git", { ...grant, access: "push", branches: "disco/*" });
    expect(await grants.list("c_git")).toEqual([
      { ...grant, access: "push", branches: "disco/*", since: 6 },
    ]);
    expect(await grants.list("c_other")).toEqual([]);
    await grants.remove("c_git", repository);
    expect(await grants.list("c_git")).toEqual([]);
  });

  it("grants and credentials are bounded", async () => {
    const grants = createGitGrants(store.redis);
    for (let count = 0; count < 64; count += 1)
      await grants.put("c_full", { ...grant, repository: `${repository}${count}` });
    await expect(grants.put("c_full", grant)).rejects.toMatchObject({ code: "invalid_input" });
    await grants.put("c_full", { ...grant, repository: `${repository}1`, access: "push" });
    const credentials = createGitCredentials(store.redis, "a-secret");
    const credential = { username: "ada", token: "t" };
    for (let count = 0; count < 32; count += 1)
      await credentials.put("full", `https://a${count}.example`, credential);
    await expect(credentials.put("full", "https://b.example", credential)).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  it("refuses records that are damaged", async () => {
    await store.redis.hset("container:c_bad:git", { [repository]: '{"access":"all"}' });
    await expect(createGitGrants(store.redis).list("c_bad")).rejects.toMatchObject({
      code: "internal",
    });
  });

  it("credentials are one user's, found by the nearest scope, and unreadable elsewhere", async () => {
    const credentials = createGitCredentials(store.redis, "a-secret", () => 7);
    await credentials.put("ada", "https://github.com", { username: "ada", token: "wide" });
    await credentials.put("ada", repository, { username: "ada", token: "narrow" });
    const scopes = [repository, "https://github.com"];
    expect(await credentials.find("ada", scopes)).toEqual({ username: "ada", token: "narrow" });
    await credentials.remove("ada", repository);
    expect(await credentials.find("ada", scopes)).toEqual({ username: "ada", token: "wide" });
    expect(await credentials.list("ada")).toEqual([
      { scope: "https://github.com", username: "ada", since: 7 },
    ]);
    expect(await credentials.find("eve", scopes)).toBe(null);
    const key = "user:ada:git-credentials";
    const kept = await store.redis.hget<string>(key, "https://github.com");
    await store.redis.hset("user:eve:git-credentials", { "https://github.com": kept });
    await expect(credentials.find("eve", scopes)).rejects.toThrow(/cannot be read any more/);
    const other = createGitCredentials(store.redis, "another-secret");
    await expect(other.find("ada", scopes)).rejects.toThrow(/add it again/);
  });
});
