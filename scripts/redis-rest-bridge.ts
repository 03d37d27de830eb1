import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";
import { RespConnection, RespError, type RespValue, SimpleString } from "./resp-connection.ts";

/**
 * The Upstash REST protocol (https://upstash.com/docs/redis/features/restapi) in front of a Redis
 * server: single commands, `/pipeline`, `/multi-exec`, and `Upstash-Encoding: base64`. With it, the
 * store's client can be tested against a real Redis.
 */
export interface RedisRestBridge {
  readonly url: string;
  close(): Promise<void>;
}

export interface BridgeOptions {
  /** Unix socket of the Redis server. */
  readonly socketPath: string;
  /** What callers must send as their bearer token. */
  readonly token: string;
}

const Part = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Command = z.array(Part).min(1);
const Commands = z.array(Command).min(1);

type JsonReply = string | number | null | JsonReply[];
type JsonAnswer = { result: JsonReply } | { error: string };

/** Listens on a free port of the loopback interface. */
export async function startRedisRestBridge(options: BridgeOptions): Promise<RedisRestBridge> {
  const redis = new RespConnection(options.socketPath);
  const server = createServer((request, response) => {
    answer(redis, options.token, request).then(
      ({ status, body }) => sendJson(response, status, body),
      (error: unknown) => sendJson(response, 500, { error: `ERR ${String(error)}` }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      redis.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  redis: RespConnection,
  token: string,
  request: IncomingMessage,
): Promise<{ status: number; body: JsonAnswer | JsonAnswer[] }> {
  if (request.headers.authorization !== `Bearer ${token}`) {
    return { status: 401, body: { error: "WRONGPASS invalid or missing auth token" } };
  }
  const base64 = request.headers["upstash-encoding"] === "base64";
  const body: unknown = JSON.parse(await readText(request));
  switch (request.url) {
    case "/pipeline": {
      const answers = await redis.send(Commands.parse(body));
      return { status: 200, body: answers.map((each) => toAnswer(each, base64)) };
    }
    case "/multi-exec":
      return multiExec(redis, Commands.parse(body), base64);
    default: {
      const [value = null] = await redis.send([Command.parse(body)]);
      return { status: value instanceof RespError ? 400 : 200, body: toAnswer(value, base64) };
    }
  }
}

async function multiExec(redis: RespConnection, commands: string[][], base64: boolean) {
  const answers = await redis.send([["MULTI"], ...commands, ["EXEC"]]);
  const results = answers.at(-1);
  if (Array.isArray(results)) {
    return { status: 200, body: results.map((each) => toAnswer(each, base64)) };
  }
  const error = results instanceof RespError ? results.message : "ERR EXEC did not answer a list";
  return { status: 400, body: { error } };
}

function toAnswer(value: RespValue, base64: boolean): JsonAnswer {
  return value instanceof RespError ? { error: value.message } : { result: toJson(value, base64) };
}

function toJson(value: RespValue, base64: boolean): JsonReply {
  if (value === null || typeof value === "number") return value;
  if (Array.isArray(value)) return value.map((each) => toJson(each, base64));
  if (value instanceof RespError) return value.message;
  const bytes = value instanceof SimpleString ? Buffer.from(value.text) : value;
  // The one word that Upstash leaves as it is.
  if (value instanceof SimpleString && value.text === "OK") return "OK";
  return bytes.toString(base64 ? "base64" : "utf8");
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}
