import { expect, it } from "vitest";
import { testRedisContract } from "#test/contract/redis.ts";
import { connectRedisServer, findRedisServer } from "#test/support/redis-server.ts";

const program = findRedisServer();

it("has a redis-server to compare with, at least in CI", () => {
  if (!program) console.warn("redis-server is not installed: the real Redis is not tested.");
  expect(program !== undefined || process.env["CI"] === undefined).toBe(true);
});

if (program) {
  testRedisContract("a real Redis behind the REST bridge", () => connectRedisServer(program));
}
