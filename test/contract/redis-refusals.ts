import { randomUUID } from "node:crypto";
import type { Redis } from "@upstash/redis";
import { describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";

/** The store under test, once it is connected. */
export type Client = () => Redis;

/** Each test has keys of its own. */
export const newKey = (): string => `test:${randomUUID()}`;

export function testBatches(redis: Client): void {
  describe("batches", () => {
    it("pipelines answer in order", async () => {
      const key = newKey();
      const answers = await redis().pipeline().set(key, "1").incr(key).get(key).exec();
      expect(answers).toEqual(["OK", 2, "2"]);
    });

    it("transactions answer in order, and nothing comes between", async () => {
      const key = newKey();
      const runs = Array.from({ length: 10 }, () =>
        redis().multi().incr(key).incr(key).get(key).exec<[number, number, string]>(),
      );
      for (const [first, second, read] of await Promise.all(runs)) {
        expect(second).toBe(first + 1);
        expect(read).toBe(String(second));
      }
      expect(await redis().get(key)).toBe("20");
    });

    it("a command that fails inside a transaction does not undo the others", async () => {
      const [counter, text] = [newKey(), newKey()];
      await redis().set(text, "abc");
      const run = redis().multi().incr(counter).incr(text).incr(counter).exec();
      expect(await refusal(run)).toBe("ERR value is not an integer or out of range");
      expect(await redis().get(counter)).toBe("2");
    });
  });
}

export function testRefusals(redis: Client): void {
  describe("refusals", () => {
    it("of the wrong type, as Redis words it", async () => {
      const [text, hash] = [newKey(), newKey()];
      await redis().set(text, "a");
      await redis().hset(hash, { a: "1" });
      const wrong = "WRONGTYPE Operation against a key holding the wrong kind of value";
      expect(await refusal(redis().hget(text, "a"))).toBe(wrong);
      expect(await refusal(redis().hset(text, { a: "1" }))).toBe(wrong);
      expect(await refusal(redis().get(hash))).toBe(wrong);
      expect(await refusal(redis().incr(hash))).toBe(wrong);
      expect(await refusal(redis().set(hash, "a", { get: true }))).toBe(wrong);
      expect(await refusal(redis().zadd(text, { score: 1, member: "a" }))).toBe(wrong);
      expect(await refusal(redis().zrange(hash, 0, -1))).toBe(wrong);
      expect(await redis().set(hash, "a plain SET replaces any type")).toBe("OK");
      expect(await redis().hgetall(newKey())).toEqual([]);
    });

    it("of numbers that are none", async () => {
      const key = newKey();
      await redis().set(key, "abc");
      const notInteger = "ERR value is not an integer or out of range";
      expect(await refusal(redis().incr(key))).toBe(notInteger);
      expect(await refusal(redis().incrby(key, 1.5))).toBe(notInteger);
      expect(await refusal(redis().zadd(newKey(), { score: "x" as never, member: "a" }))).toBe(
        "ERR value is not a valid float",
      );
      expect(await refusal(redis().set(newKey(), "a", { ex: -1 }))).toBe(
        "ERR invalid expire time in 'set' command",
      );
    });

    it("of commands that do not exist or miss arguments", async () => {
      expect(await refusal(redis().exec(["NOSUCH", "a"]))).toMatch(/^ERR unknown command 'NOSUCH'/);
      expect(await refusal(redis().exec(["GET"]))).toBe(
        "ERR wrong number of arguments for 'get' command",
      );
      expect(await refusal(redis().exec(["SET", newKey(), "a", "WHAT"]))).toBe("ERR syntax error");
      expect(await refusal(redis().exec(["HSET", newKey(), "a", "1", "b"]))).toBe(
        "ERR wrong number of arguments for 'hset' command",
      );
    });

    it("are our mistake and never hold the command's arguments", async () => {
      const error = await redis()
        .exec(["GET", "a-secret", "another-secret"])
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DiscoError);
      expect(error).toMatchObject({ code: "internal" });
      const { cause, message } = error as DiscoError;
      expect(`${message} ${String(cause)}`).not.toContain("secret");
    });
  });
}

/** What the store said when it refused; the text is the cause of the DiscoError. */
async function refusal(command: Promise<unknown>): Promise<string> {
  const error = await command.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof DiscoError && error.cause instanceof Error) return error.cause.message;
  throw new Error(`The store did not refuse, but: ${String(error)}`);
}
