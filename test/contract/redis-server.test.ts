import { expect, it } from "vitest";
import { testRedisContract } from "#test/contract/redis.ts";
import { findRedisServer, startRedisServer } from "#test/support/redis-server.ts";
import { createRedis } from "#worker/store/redis.ts";

const program = findRedisServer();

it("has a redis-server to compare with, at least in CI", () => {
  if (!program) console.warn("redis-server is not installed: the real Redis is not tested.");
  expect(program !== undefined || process.env["CI"] === undefined).toBe(true);
});

if (program) {
  testRedisContract("a real Redis behind the REST bridge", async () => {
    const server = await startRedisServer(program);
    const redis = createRedis({
      UPSTASH_REDIS_REST_URL: server.url,
      UPSTASH_REDIS_REST_TOKEN: server.token,
      EMBEDDED_REDIS: {
        getByName: () => {
          throw new Error("The embedded store is for those who have no Redis.");
        },
      },
    });
    return { redis, close: () => server.close() };
  });
}
