import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { createRedis, STORE_TIMEOUT_MS } from "#worker/store/redis.ts";

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** A store at a URL where every request is answered like this. */
async function storeThat(answer: (response: ServerResponse) => void) {
  let requests = 0;
  server = createServer((_, response) => {
    requests += 1;
    answer(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { redis: redisAt(`http://127.0.0.1:${port}`), requests: () => requests };
}

const redisAt = (url: string) =>
  createRedis({
    UPSTASH_REDIS_REST_URL: url,
    UPSTASH_REDIS_REST_TOKEN: "the-token",
    EMBEDDED_REDIS: {
      getByName: () => {
        throw new Error("A configured store is never replaced by the embedded one.");
      },
    },
  });

async function failureOf(command: Promise<unknown>): Promise<DiscoError> {
  const error = await command.catch((caught: unknown) => caught);
  if (error instanceof DiscoError) return error;
  throw new Error(`Expected a DiscoError, got ${String(error)}`);
}

it.each([
  ["an error of its own", 500, '{"error":"ERR internal"}'],
  ["too many requests", 429, '{"error":"ERR max daily request limit exceeded"}'],
  ["a page that is no JSON", 502, "<html>Bad gateway</html>"],
  ["success that is no JSON", 200, "<html>Welcome</html>"],
])("is unavailable when it answers %s, and is asked once only", async (_, status, body) => {
  const { redis, requests } = await storeThat((response) => response.writeHead(status).end(body));
  const error = await failureOf(redis.set("key", "a-secret"));
  expect(error.code).toBe("store_unavailable");
  expect(`${error.message} ${String(error.cause)}`).not.toContain("secret");
  expect(requests()).toBe(1);
});

it("is unavailable when it breaks the connection, and an INCR is not sent twice", async () => {
  const { redis, requests } = await storeThat((response) => response.destroy());
  expect((await failureOf(redis.incr("counter"))).code).toBe("store_unavailable");
  expect(requests()).toBe(1);
});

it("is unavailable when nobody listens", async () => {
  const { redis } = await storeThat(() => undefined);
  await new Promise((resolve) => server?.close(resolve));
  expect((await failureOf(redis.get("key"))).code).toBe("store_unavailable");
});

it("is unavailable when it does not answer in time", async () => {
  const { redis, requests } = await storeThat(() => undefined);
  const started = Date.now();
  expect((await failureOf(redis.get("key"))).code).toBe("store_unavailable");
  const took = Date.now() - started;
  expect(took).toBeGreaterThanOrEqual(STORE_TIMEOUT_MS - 10);
  expect(took).toBeLessThan(STORE_TIMEOUT_MS + 500);
  expect(requests()).toBe(1);
});

it("fails a pipeline with its first failed command", async () => {
  const { redis } = await storeThat((response) =>
    response.end('[{"result":"OK"},{"error":"ERR value is not an integer or out of range"}]'),
  );
  const error = await failureOf(redis.pipeline().set("a", "b").incr("a").exec());
  expect(error).toMatchObject({
    code: "internal",
    cause: { message: "ERR value is not an integer or out of range" },
  });
});
