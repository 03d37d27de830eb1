import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type EmbeddedStore, startEmbeddedStore } from "#test/support/redis-embedded.ts";

let store: EmbeddedStore;
beforeAll(async () => {
  store = await startEmbeddedStore();
});
afterAll(() => store.close());

it("discards a transaction with a command that is none, as Redis does", async () => {
  const answer = await store.port.multiExec([
    ["SET", "discarded", "1"],
    ["NOSUCH", "discarded"],
  ]);
  expect(answer).toEqual({
    error: "EXECABORT Transaction discarded because of previous errors.",
  });
  expect(await store.redis.exists("discarded")).toBe(0);
});

it("undoes what a failed command began", async () => {
  // The second score is none, so the first member must not be there either.
  const answer = await store.port.single(["ZADD", "half", "1", "a", "x", "b"]);
  expect(answer).toEqual({ error: "ERR value is not a valid float" });
  expect(await store.redis.exists("half")).toBe(0);
});

it("goes on with a pipeline after a failed command", async () => {
  const answers = await store.port.pipeline([
    ["SET", "text", "abc"],
    ["INCR", "text"],
    ["GET", "text"],
  ]);
  expect(answers).toEqual([
    { result: "OK" },
    { error: "ERR value is not an integer or out of range" },
    { result: "abc" },
  ]);
});

it("frees the space of expired keys, and of those only", async () => {
  await store.redis.set("short", "1", { px: 20 });
  await store.redis.hset("short-hash", { a: "1" });
  await store.redis.expire("short-hash", 1);
  await store.redis.set("long", "1", { ex: 100 });
  await store.redis.set("endless", "1");
  await sleep(1_100);
  expect(await store.storedKeys()).toEqual(expect.arrayContaining(["short", "short-hash"]));
  await store.sweep();
  const left = await store.storedKeys();
  expect(left).toEqual(expect.arrayContaining(["long", "endless"]));
  expect(left).not.toContain("short");
  expect(left).not.toContain("short-hash");
  expect(await store.redis.hset("short-hash", { b: "2" })).toBe(1);
  expect(await store.redis.hgetall("short-hash")).toEqual(["b", "2"]);
});
