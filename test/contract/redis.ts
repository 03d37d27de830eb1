import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "@upstash/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareAndSet } from "#worker/store/compare-and-set.ts";
import { type Client, newKey, testBatches, testRefusals } from "./redis-refusals.ts";

export interface ConnectedStore {
  readonly redis: Redis;
  close(): Promise<void>;
}

/**
 * What Disco expects of its store, whichever it is: one suite for Upstash's protocol in front of a
 * real Redis, and for the embedded store.
 */
export function testRedisContract(store: string, connect: () => Promise<ConnectedStore>): void {
  describe(`store: ${store}`, () => {
    let connected: ConnectedStore;
    let redis: Redis;
    beforeAll(async () => {
      connected = await connect();
      redis = connected.redis;
    });
    afterAll(() => connected.close());

    testStrings(() => redis);
    testExpiry(() => redis);
    testHashes(() => redis);
    testScripts(() => redis);
    testSortedSets(() => redis);
    testBatches(() => redis);
    testRefusals(() => redis);
  });
}

/** 100 seconds, of which a busy machine has used some. */
const nearly100 = (seconds: number): boolean => seconds > 80 && seconds <= 100;

function testStrings(redis: Client): void {
  describe("strings", () => {
    it("gives back exactly what was set, as a string", async () => {
      for (const value of [
        "1",
        "true",
        "null",
        '{"a":1}',
        "ümläut \u{1F600}",
        "",
        "OK",
        "a\r\nb",
      ]) {
        const key = newKey();
        expect(await redis().set(key, value)).toBe("OK");
        expect(await redis().get(key)).toBe(value);
      }
      expect(await redis().get(newKey())).toBeNull();
      expect(await redis().ping()).toBe("PONG");
    });

    it("sets with NX only what is absent, with XX only what is there", async () => {
      const key = newKey();
      expect(await redis().set(key, "a", { xx: true })).toBeNull();
      expect(await redis().set(key, "a", { nx: true })).toBe("OK");
      expect(await redis().set(key, "b", { nx: true })).toBeNull();
      expect(await redis().get(key)).toBe("a");
      expect(await redis().set(key, "c", { xx: true })).toBe("OK");
      expect(await redis().get(key)).toBe("c");
    });

    it("lets exactly one of many set a key with NX", async () => {
      const key = newKey();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => redis().set(key, String(index), { nx: true })),
      );
      expect(answers.filter((answer) => answer === "OK")).toHaveLength(1);
      expect(await redis().get(key)).toBe(String(answers.indexOf("OK")));
    });

    it("answers the old value with GET, and sets as told", async () => {
      const key = newKey();
      expect(await redis().set(key, "a", { get: true })).toBeNull();
      expect(await redis().set(key, "b", { get: true })).toBe("a");
      expect(await redis().set(key, "c", { get: true, nx: true })).toBe("b");
      expect(await redis().get(key)).toBe("b");
    });

    it("takes a value out once with GETDEL", async () => {
      const key = newKey();
      await redis().set(key, "secret");
      const taken = await Promise.all(Array.from({ length: 10 }, () => redis().getdel(key)));
      expect(taken.filter((value) => value === "secret")).toHaveLength(1);
      expect(await redis().exists(key)).toBe(0);
    });

    it("counts", async () => {
      const key = newKey();
      await Promise.all(Array.from({ length: 10 }, () => redis().incr(key)));
      expect(await redis().incrby(key, 32)).toBe(42);
      expect(await redis().incrby(key, -2)).toBe(40);
      expect(await redis().get(key)).toBe("40");
    });

    it("deletes and counts keys; a key that is named twice exists twice", async () => {
      const [one, two] = [newKey(), newKey()];
      await redis().set(one, "1");
      await redis().set(two, "2");
      expect(await redis().exists(one, two, one, newKey())).toBe(3);
      expect(await redis().del(one, two, newKey())).toBe(2);
      expect(await redis().exists(one, two)).toBe(0);
    });
  });
}

function testExpiry(redis: Client): void {
  describe("expiry", () => {
    it("is told in seconds and milliseconds, with -1 for never and -2 for no key", async () => {
      const key = newKey();
      await redis().set(key, "a", { ex: 100 });
      expect(await redis().ttl(key)).toSatisfy(nearly100);
      expect((await redis().pttl(key)) / 1_000).toSatisfy(nearly100);
      await redis().set(key, "a");
      expect(await redis().ttl(key)).toBe(-1);
      expect(await redis().ttl(newKey())).toBe(-2);
      expect(await redis().pttl(newKey())).toBe(-2);
    });

    it("ends keys of every type", async () => {
      const [string, hash, set] = [newKey(), newKey(), newKey()];
      await redis().set(string, "a", { px: 60 });
      await redis().hset(hash, { a: "1" });
      await redis().zadd(set, { score: 1, member: "a" });
      expect(await redis().expire(hash, 1)).toBe(1);
      expect(await redis().expire(set, 1)).toBe(1);
      await sleep(1_100);
      expect(await redis().get(string)).toBeNull();
      expect(await redis().exists(string, hash, set)).toBe(0);
      expect(await redis().hget(hash, "a")).toBeNull();
      expect(await redis().set(string, "b", { nx: true })).toBe("OK");
      expect(await redis().hset(hash, { b: "2" })).toBe(1);
      expect(await redis().hgetall(hash)).toEqual(["b", "2"]);
    });

    it("is kept by KEEPTTL and INCR, and dropped by a plain SET", async () => {
      const key = newKey();
      await redis().set(key, "1", { ex: 100 });
      await redis().set(key, "2", { keepTtl: true });
      await redis().incr(key);
      expect(await redis().get(key)).toBe("3");
      expect(await redis().ttl(key)).toSatisfy(nearly100);
      await redis().set(key, "4");
      expect(await redis().ttl(key)).toBe(-1);
    });

    it("of nothing or less deletes the key, and of no key does nothing", async () => {
      const key = newKey();
      await redis().set(key, "1");
      expect(await redis().expire(key, -1)).toBe(1);
      expect(await redis().exists(key)).toBe(0);
      expect(await redis().expire(newKey(), 10)).toBe(0);
    });
  });
}

function testHashes(redis: Client): void {
  it("keeps hashes", async () => {
    const key = newKey();
    expect(await redis().hset(key, { a: "1", b: "two" })).toBe(2);
    expect(await redis().hset(key, { a: "one", c: "3" })).toBe(1);
    expect(await redis().hget(key, "a")).toBe("one");
    expect(await redis().hget(key, "z")).toBeNull();
    expect(await redis().hsetnx(key, "a", "other")).toBe(0);
    expect(await redis().hget(key, "a")).toBe("one");
    const pairs = (await redis().hgetall(key)) as unknown as string[];
    expect([...pairs].toSorted()).toEqual(["3", "a", "b", "c", "one", "two"]);
    expect(await redis().hdel(key, "a", "z")).toBe(1);
    expect(await redis().hdel(key, "b", "c")).toBe(2);
    expect(await redis().exists(key)).toBe(0);
  });
}

function testScripts(redis: Client): void {
  describe("compare and set", () => {
    it("writes only over the value that was read", async () => {
      const key = newKey();
      const set = (from: string | null, to: string | null, ttlMs: number | null = null) =>
        compareAndSet(redis(), key, { from, to, ttlMs });
      expect(await set("a", "b")).toBe(false);
      expect(await set(null, "a")).toBe(true);
      expect(await set(null, "b")).toBe(false);
      expect(await set("a", "b", 100_000)).toBe(true);
      expect(await redis().ttl(key)).toSatisfy(nearly100);
      expect(await set("b", "c")).toBe(true);
      expect([await redis().get(key), await redis().ttl(key)]).toEqual(["c", -1]);
      expect(await set("b", null)).toBe(false);
      expect(await set("c", null)).toBe(true);
      expect(await redis().exists(key)).toBe(0);
    });

    it("lets one of many that read the same value win", async () => {
      const key = newKey();
      await redis().set(key, "0");
      const tries = Array.from({ length: 20 }, (_, index) =>
        compareAndSet(redis(), key, { from: "0", to: `won by ${index}`, ttlMs: null }),
      );
      const won = (await Promise.all(tries)).flatMap((wrote, index) => (wrote ? [index] : []));
      expect(won).toHaveLength(1);
      expect(await redis().get(key)).toBe(`won by ${won[0]}`);
    });
  });
}

function testSortedSets(redis: Client): void {
  describe("sorted sets", () => {
    it("order members by score, then by their bytes", async () => {
      const key = newKey();
      const members = [
        { score: 2, member: "b" },
        { score: 1, member: "c" },
        { score: 2, member: "a" },
        { score: -1.5, member: "d" },
      ] as const;
      expect(await redis().zadd(key, ...members)).toBe(4);
      expect(await redis().zadd(key, { score: 0, member: "b" })).toBe(0);
      expect(await redis().zrange(key, 0, -1)).toEqual(["d", "b", "c", "a"]);
      expect(await redis().zrange(key, 0, -1, { rev: true })).toEqual(["a", "c", "b", "d"]);
      expect(await redis().zrange(key, -2, -1)).toEqual(["c", "a"]);
      expect(await redis().zrange(key, 1, 1, { withScores: true })).toEqual(["b", "0"]);
      expect(await redis().zrange(key, 3, 1)).toEqual([]);
      expect(await redis().zrange(key, 0, 0, { withScores: true })).toEqual(["d", "-1.5"]);
    });

    it("are cut by score, with open and endless bounds", async () => {
      const key = newKey();
      for (const [score, member] of [
        [1, "a"],
        [2, "b"],
        [3, "c"],
      ] as const) {
        await redis().zadd(key, { score, member });
      }
      const cut = (from: `(${number}` | number | "-inf", to: number | "+inf", rev = false) =>
        redis().zrange(key, from, to, { byScore: true, rev });
      expect(await cut(1, 2)).toEqual(["a", "b"]);
      expect(await cut("(1", 3)).toEqual(["b", "c"]);
      expect(await cut("-inf", "+inf")).toEqual(["a", "b", "c"]);
      expect(await cut(3, 2, true)).toEqual(["c", "b"]);
    });

    it("lose members, and end with the last", async () => {
      const key = newKey();
      await redis().zadd(key, { score: 1, member: "a" }, { score: 2, member: "b" });
      expect(await redis().zrem(key, "a", "z")).toBe(1);
      expect(await redis().zrem(key, "b")).toBe(1);
      expect(await redis().exists(key)).toBe(0);
      expect(await redis().zrange(key, 0, -1)).toEqual([]);
    });
  });
}
