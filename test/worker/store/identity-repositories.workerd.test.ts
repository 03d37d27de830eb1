import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedStore, startEmbeddedStore } from "#test/support/redis-embedded.ts";
import { createRefreshFamilies, type RefreshFamily } from "#worker/store/refresh-families.ts";
import { createSessions, type Sessions } from "#worker/store/sessions.ts";
import { createSignIns } from "#worker/store/sign-ins.ts";
import { createUsers, type Users } from "#worker/store/users.ts";

const NOW = 1_795_132_800_000;
let store: EmbeddedStore;
let users: Users;
let sessions: Sessions;
let now = NOW;
beforeAll(async () => {
  store = await startEmbeddedStore();
  users = createUsers(store.redis, () => now);
  sessions = createSessions(store.redis, () => now);
});
afterAll(() => store.close());

describe("users", () => {
  const ada = { provider: "github", id: "1815", login: "ada", name: "Ada" } as const;

  it("are made once for an account, however many sign-ins come at the same time", async () => {
    const found = await Promise.all(Array.from({ length: 10 }, () => users.findOrCreate(ada)));
    expect(new Set(found.map(({ id }) => id)).size).toBe(1);
    expect(found[0]).toEqual({
      id: expect.stringMatching(/^u_[0-9a-f]{32}$/),
      name: "Ada",
      login: "ada",
      account: "github:1815",
      createdAt: NOW,
      notBefore: 0,
    });
    const records = (await store.storedKeys()).filter((key) => key.startsWith("user:u_"));
    expect(records).toEqual([`user:${found[0]?.id}`]);
  });

  it("keep their id when the account changes its name, and show the new one", async () => {
    const { id } = await users.findOrCreate(ada);
    const renamed = await users.findOrCreate({ ...ada, login: "lovelace", name: " " });
    expect(renamed).toMatchObject({ id, name: "lovelace", login: "lovelace" });
    expect(await users.get(id)).toMatchObject({ name: "lovelace" });
    expect((await users.findOrCreate({ ...ada, id: "1816" })).id).not.toBe(id);
  });

  it("say since when what they were issued counts", async () => {
    const { id } = await users.findOrCreate(ada);
    expect(await users.standing(id)).toEqual({ exists: true, notBefore: 0 });
    await users.signOutEverywhere(id);
    expect(await users.standing(id)).toEqual({ exists: true, notBefore: NOW / 1_000 });
    expect(await users.standing("u_nobody")).toEqual({ exists: false, notBefore: 0 });
  });

  it("are somebody new after they were removed", async () => {
    const { id } = await users.findOrCreate(ada);
    await users.remove(id);
    await users.remove(id);
    expect(await users.get(id)).toBeUndefined();
    expect((await users.findOrCreate(ada)).id).not.toBe(id);
  });
});

describe("sessions", () => {
  const of = (user: string, client: string, container = "c_1") => ({
    user,
    client: { id: client, name: `the ${client}` },
    type: "web" as const,
    container,
  });

  it("are one per client and user", async () => {
    const first = await sessions.open(of("ada", "claude"));
    expect(first).toEqual({
      id: expect.stringMatching(/^s_[0-9a-f]{32}$/),
      client: { id: "claude", name: "the claude" },
      type: "web",
      container: "c_1",
      createdAt: NOW,
      usedAt: null,
    });
    const second = await sessions.open(of("ada", "claude", "c_2"));
    expect(second.id).not.toBe(first.id);
    expect(await sessions.list("ada")).toEqual([second]);
    expect(await sessions.findOrOpen(of("ada", "claude", "c_3"))).toEqual(second);
    expect(await sessions.list("grace")).toEqual([]);
  });

  it("are opened once, however many calls of a client come at the same time", async () => {
    const found = await Promise.all(
      Array.from({ length: 10 }, () => sessions.findOrOpen(of("hopper", "curl"))),
    );
    expect(new Set(found.map(({ id }) => id)).size).toBe(1);
    expect(await store.redis.hgetall("user:hopper:bindings")).toHaveLength(2);
  });

  it("are bound anew, by their own user only", async () => {
    const { id } = await sessions.open(of("bob", "chat"));
    expect(await sessions.bind("eve", id, "c_2")).toBe(false);
    expect(await sessions.bind("bob", id, "c_2")).toBe(true);
    expect(await sessions.get("bob", id)).toMatchObject({ container: "c_2" });
    expect(await sessions.get("eve", id)).toBeUndefined();
  });

  it("do not come back when they are bound while they end", async () => {
    const { id } = await sessions.open(of("carl", "chat"));
    await Promise.all([sessions.bind("carl", id, "c_2"), sessions.end("carl", id)]);
    expect(await sessions.list("carl")).toEqual([]);
    expect(await sessions.end("carl", id)).toBeUndefined();
  });

  it("are bounded: the one unused for longest goes", async () => {
    const opened = [];
    for (let number = 0; number < 64; number += 1) {
      now = NOW + number;
      opened.push(await sessions.open(of("dora", `client ${number}`)));
    }
    now = NOW + 1_000;
    await sessions.noteUse("dora", opened[0]?.id ?? "");
    await sessions.open(of("dora", "one more"));
    const names = (await sessions.list("dora")).map(({ client }) => client.id);
    expect(names).toHaveLength(64);
    expect(names).not.toContain("client 1");
    expect(names.slice(0, 2)).toEqual(["client 0", "client 2"]);
    await sessions.endAll("dora");
    expect(await sessions.list("dora")).toEqual([]);
    now = NOW;
  });

  it("refuse a record that is damaged", async () => {
    await store.redis.hset("user:damaged:sessions", { k: "{}" });
    await expect(sessions.list("damaged")).rejects.toMatchObject({ code: "internal" });
  });
});

describe("sign-ins of browsers", () => {
  it("are open to their own user until they end", async () => {
    const signIns = createSignIns(store.redis, 100, () => now);
    const id = await signIns.open("ada");
    expect(await signIns.isOpen("ada", id)).toBe(true);
    expect(await signIns.isOpen("eve", id)).toBe(false);
    await signIns.end("eve", id);
    expect(await signIns.isOpen("ada", id)).toBe(true);
    await signIns.end("ada", id);
    expect(await signIns.isOpen("ada", id)).toBe(false);
  });

  it("end by themselves, and leave nothing behind", async () => {
    const signIns = createSignIns(store.redis, 100, () => now);
    const id = await signIns.open("fay");
    now = NOW + 100_000;
    expect(await signIns.isOpen("fay", id)).toBe(false);
    const next = await signIns.open("fay");
    expect(await store.redis.hgetall("user:fay:sign-ins")).toEqual([next, String(now)]);
    await signIns.endAll("fay");
    expect(await signIns.isOpen("fay", next)).toBe(false);
    now = NOW;
  });
});

describe("families of refresh tokens", () => {
  const family = {
    client: "key_1",
    name: "CI",
    session: "s_0123456789abcdef",
    scopes: ["files:read"],
    current: 1,
    rotatedAt: NOW,
    endsAt: NOW + 1_000_000,
  } satisfies RefreshFamily;

  it("are changed by one after the other, each on what the one before wrote", async () => {
    const families = createRefreshFamilies(store.redis, () => now);
    await families.open("ada", "f_1", family);
    const changes = Array.from({ length: 10 }, () =>
      families.change("ada", "f_1", (before) => ({
        family: { ...before, current: before.current + 1 },
      })),
    );
    const seen = (await Promise.all(changes)).map((change) => change?.family.current);
    expect(seen.toSorted((one = 0, other = 0) => one - other)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
    expect(await families.isOpen("eve", "f_1")).toBe(false);
    await families.change("ada", "f_1", () => ({ family: null }));
    expect(await families.isOpen("ada", "f_1")).toBe(false);
    expect(await families.change("ada", "f_1", () => ({ family: null }))).toBeUndefined();
  });

  it("are bounded: the one that ends first goes", async () => {
    const families = createRefreshFamilies(store.redis, () => now);
    for (let number = 0; number < 66; number += 1) {
      await families.open("hal", `f_${number}`, { ...family, endsAt: family.endsAt + number });
    }
    expect(await families.isOpen("hal", "f_1")).toBe(false);
    expect(await families.isOpen("hal", "f_2")).toBe(true);
    expect(await families.isOpen("hal", "f_65")).toBe(true);
  });

  it("end together", async () => {
    const families = createRefreshFamilies(store.redis, () => now);
    await families.open("gil", "f_1", family);
    await families.open("gil", "f_2", family);
    await families.endAll("gil");
    await families.endAll("gil");
    expect((await store.storedKeys()).filter((key) => key.startsWith("user:gil:"))).toEqual([]);
  });
});
