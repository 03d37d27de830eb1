import type { Redis } from "@upstash/redis";
import type { Command, CommandResult } from "#worker/store/embedded-redis.ts";
import type { EmbeddedRedisPort } from "#worker/store/embedded-requester.ts";
import { createRedis } from "#worker/store/redis.ts";
import { startWorker } from "./worker-harness.ts";

export interface EmbeddedStore {
  readonly redis: Redis;
  readonly port: EmbeddedRedisPort;
  /** Does what the object's alarm does. */
  sweep(): Promise<void>;
  /** Names of the keys that take up space, expired or not. */
  storedKeys(): Promise<string[]>;
  /** Everything that it holds. */
  rows(): Promise<object[]>;
  close(): Promise<void>;
}

/** The embedded store in a real workerd, reached from the test. */
export async function startEmbeddedStore(): Promise<EmbeddedStore> {
  const worker = await startWorker({ main: "test/support/workerd/relay-worker.ts" });
  async function post<Answer>(method: string, body: readonly unknown[]): Promise<Answer> {
    const response = await worker.fetch(`/store/${method}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return (await response.json()) as Answer;
  }
  const port: EmbeddedRedisPort = {
    single: (command: Command) => post<CommandResult>("single", command),
    pipeline: (list) => post("pipeline", list),
    multiExec: (list) => post("multiExec", list),
  };
  return {
    redis: createRedis({ EMBEDDED_REDIS: { getByName: () => port } }),
    port,
    sweep: () => post("sweep", []),
    storedKeys: async () => {
      const rows = await worker.query("EMBEDDED_REDIS", "contract", "SELECT key FROM keys");
      return rows.map(({ key }) => String(key));
    },
    rows: async () => [
      ...(await worker.query("EMBEDDED_REDIS", "contract", "SELECT * FROM keys")),
      ...(await worker.query("EMBEDDED_REDIS", "contract", "SELECT * FROM members")),
    ],
    close: () => worker.close(),
  };
}
