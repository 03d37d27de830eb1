import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "@upstash/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createOAuthRecords,
  GRANT_TOKENS_MAX,
  type OAuthRecords,
} from "#worker/store/oauth-records.ts";
import type { ConnectedStore } from "./redis.ts";

/** What the OAuth library expects of Workers KV, over whichever store. */
export function testOAuthRecordsContract(
  store: string,
  connect: () => Promise<ConnectedStore>,
): void {
  describe(`OAuth records: ${store}`, () => {
    let connected: ConnectedStore;
    beforeAll(async () => {
      connected = await connect();
    });
    afterAll(() => connected.close());
    testRecords(
      () => connected.redis,
      () => createOAuthRecords(connected.redis),
    );
  });
}

function testRecords(redis: () => Redis, records: () => OAuthRecords): void {
  const namesOf = async (prefix: string): Promise<string[]> =>
    (await records().list({ prefix })).keys.map(({ name }) => name).toSorted();

  it("gives back text and JSON, and null for what is not there", async () => {
    await records().put("enterprise-jti:1", '{"a":[1,"ü"]}');
    expect(await records().get("enterprise-jti:1")).toBe('{"a":[1,"ü"]}');
    expect(await records().get("enterprise-jti:1", { type: "json" })).toEqual({ a: [1, "ü"] });
    expect(await records().get("enterprise-jti:2")).toBeNull();
    expect(await records().get("enterprise-jti:2", { type: "json" })).toBeNull();
  });

  it("ends a record with its lifetime, as seconds from now or as a time, and a plain one never", async () => {
    const now = Math.floor(Date.now() / 1_000);
    await records().put("grant:ada:short", "{}", { expirationTtl: 1 });
    await records().put("grant:ada:until", "{}", { expiration: now + 100 });
    await records().put("grant:ada:ever", "{}");
    expect(await redis().ttl("oauth:record:grant:ada:until")).toBeGreaterThan(80);
    expect(await redis().ttl("oauth:record:grant:ada:ever")).toBe(-1);
    await sleep(2_100);
    expect(await records().get("grant:ada:short")).toBeNull();
    expect(await namesOf("grant:ada:")).toEqual(["grant:ada:ever", "grant:ada:until"]);
    // What has expired has left the index as well.
    expect(await redis().hget("oauth:index:grant:ada:", "grant:ada:short")).toBeNull();
  });

  it("lists a user's grants and a grant's tokens with their metadata, and nobody else's", async () => {
    await records().put("grant:grace:1", "{}", { metadata: { clientId: "c" } });
    await records().put("grant:grace:2", "{}");
    await records().put("grant:gracie:3", "{}");
    await records().put("token:grace:1:a", "{}", { expirationTtl: 100 });
    await records().put("token:grace:1:b", "{}", { expirationTtl: 100 });
    await records().put("token:grace:2:c", "{}", { expirationTtl: 100 });
    expect(await records().list({ prefix: "grant:grace:" })).toEqual({
      keys: expect.arrayContaining([
        { name: "grant:grace:1", metadata: { clientId: "c" } },
        { name: "grant:grace:2" },
      ]),
      list_complete: true,
    });
    expect(await namesOf("grant:grace:")).toHaveLength(2);
    expect(await namesOf("token:grace:1:")).toEqual(["token:grace:1:a", "token:grace:1:b"]);
  });

  it("forgets at once what is deleted, here and in the list", async () => {
    await records().put("grant:linus:1", "{}");
    await records().delete("grant:linus:1");
    await records().delete("grant:linus:never");
    expect(await records().get("grant:linus:1")).toBeNull();
    expect(await namesOf("grant:linus:")).toEqual([]);
  });

  it("keeps the newest of two writes, and a list that outlives what it lists", async () => {
    await records().put("grant:ken:1", "first", { expirationTtl: 600 });
    await records().put("grant:ken:1", "second", { expirationTtl: 30 * 24 * 3_600 });
    expect(await records().get("grant:ken:1")).toBe("second");
    expect(await namesOf("grant:ken:")).toEqual(["grant:ken:1"]);
    const [listed, kept] = await Promise.all([
      redis().ttl("oauth:index:grant:ken:"),
      redis().ttl("oauth:record:grant:ken:1"),
    ]);
    expect(listed).toBeGreaterThan(kept);
  });

  it("forgets expired tokens of a grant when it keeps a new one, and of many the oldest", async () => {
    let now = Date.now();
    const later = createOAuthRecords(redis(), undefined, () => now);
    const tokens = async () => {
      const fields = await redis().hgetall("oauth:index:token:barbara:1:");
      return (fields as unknown as string[]).filter((_field, index) => index % 2 === 0);
    };
    await later.put("token:barbara:1:late", "{}", { expirationTtl: 100 });
    now += 101_000;
    for (let index = 0; index < GRANT_TOKENS_MAX; index += 1) {
      await later.put(`token:barbara:1:${index}`, "{}", { expirationTtl: 100 + index });
    }
    expect(await tokens()).toHaveLength(GRANT_TOKENS_MAX);
    expect(await tokens()).not.toContain("token:barbara:1:late");
    await later.put("token:barbara:1:new", "{}", { expirationTtl: 900 });
    expect(await tokens()).toHaveLength(GRANT_TOKENS_MAX);
    expect(await later.get("token:barbara:1:0")).toBeNull();
    expect(await later.get("token:barbara:1:1")).toBe("{}");
    expect(await later.get("token:barbara:1:new")).toBe("{}");
  });

  it("asks for clients elsewhere, and lists by no other prefix", async () => {
    const seen: string[] = [];
    const asking = createOAuthRecords(redis(), async (id) => {
      seen.push(id);
      return id === "known" ? { clientId: id } : null;
    });
    expect(await asking.get("client:known", { type: "json" })).toEqual({ clientId: "known" });
    expect(await asking.get("client:https://a.example/b", { type: "json" })).toBeNull();
    expect(seen).toEqual(["known", "https://a.example/b"]);
    for (const prefix of ["client:", "grant:", "token:ada:", ""]) {
      await expect(asking.list({ prefix })).rejects.toThrow("not listed");
    }
  });
}
