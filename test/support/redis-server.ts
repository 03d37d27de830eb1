import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "@upstash/redis";
import { type RedisRestBridge, startRedisRestBridge } from "#scripts/redis-rest-bridge.ts";
import { createRedis } from "#worker/store/redis.ts";

const PATIENCE_MS = 10_000;
const TOKEN = "token-of-the-test";

/** Absolute path of Debian's redis-server, or undefined where it is not installed. */
export function findRedisServer(): string | undefined {
  try {
    return execFileSync("which", ["redis-server"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

export interface RunningRedis {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

/** A real Redis without persistence, on a Unix socket of its own, behind the REST bridge. */
async function startRedisServer(program: string): Promise<RunningRedis> {
  const directory = await mkdtemp(path.join(tmpdir(), "disco-redis-"));
  const socketPath = path.join(directory, "redis.sock");
  const settings = ["--port", "0", "--unixsocket", socketPath, "--save", "", "--appendonly", "no"];
  const server = spawn(program, settings, { cwd: directory, stdio: "ignore" });
  const ended = new Promise<void>((resolve) => server.on("exit", () => resolve()));
  const late = Date.now() + PATIENCE_MS;
  while (!existsSync(socketPath)) {
    if (Date.now() > late || server.exitCode !== null)
      throw new Error("redis-server did not start.");
    await sleep(20);
  }
  const bridge: RedisRestBridge = await startRedisRestBridge({ socketPath, token: TOKEN });
  return {
    url: bridge.url,
    token: TOKEN,
    async close() {
      await bridge.close();
      server.kill("SIGTERM");
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The store's client on a real Redis. */
export async function connectRedisServer(
  program: string,
): Promise<{ redis: Redis; close(): Promise<void> }> {
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
}
