import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { verifyApiKey } from "#worker/identity/api-key-credential.ts";
import type { Command } from "#worker/store/embedded-redis.ts";

const ID = `key_${"0".repeat(32)}`;
const TEXT = `disco_${ID}_${"a".repeat(43)}`;
const record = {
  id: ID,
  user: "ada",
  name: "CI",
  scopes: ["files:read"],
  hash: createHash("sha256").update(TEXT).digest("hex"),
  session: "s_0123456789abcdef",
  createdAt: 1_000,
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("is believed for seconds, and asked for again however often it is used", async () => {
  let kept: string | null = JSON.stringify(record);
  let asked = 0;
  const single = (_command: Command) => {
    asked += 1;
    return Promise.resolve({ result: kept });
  };
  const never = () => Promise.reject(new Error("Nobody asks for that."));
  const port = { single, pipeline: never, multiExec: never };
  const env = { EMBEDDED_REDIS: { getByName: () => port } };
  expect(await verifyApiKey(env, TEXT)).toMatchObject({ user: "ada", clientId: ID });
  kept = null;
  vi.advanceTimersByTime(3_000);
  expect(await verifyApiKey(env, TEXT)).toMatchObject({ user: "ada" });
  expect(asked).toBe(1);
  vi.advanceTimersByTime(3_000);
  await expect(verifyApiKey(env, TEXT)).rejects.toMatchObject({ code: "unauthenticated" });
});
