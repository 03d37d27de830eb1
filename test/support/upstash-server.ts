import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Redis } from "@upstash/redis";
import { startEmbeddedStore } from "./redis-embedded.ts";

export interface UpstashServer {
  readonly url: string;
  readonly token: string;
  /** Requests until now. */
  readonly requests: () => number;
  /** The store itself, past the protocol. */
  readonly redis: Redis;
  /** From now on, waited for before a request is run; gets its commands as JSON. */
  delay(before: (commands: string) => Promise<void>): void;
  /** Everything that it holds. */
  rows(): Promise<object[]>;
  close(): Promise<void>;
}

type Reply = string | number | null | Reply[];
type Answer = { result: Reply } | { error: string };

/**
 * The Upstash REST protocol in front of an embedded store, for a worker in the mode of a deployment
 * on a machine that has no Redis.
 */
export async function startUpstashServer(): Promise<UpstashServer> {
  const store = await startEmbeddedStore();
  const token = "token-of-the-test";
  let requests = 0;
  let before: (commands: string) => Promise<void> = async () => {};
  const server = createServer((request, response) => {
    requests += 1;
    const send = (status: number, body: object) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${token}`)
      return void send(401, { error: "WRONGPASS" });
    readJson(request)
      .then(async (body) => {
        await before(JSON.stringify(body));
        if (request.url === "/pipeline") return store.port.pipeline(body as never);
        if (request.url === "/multi-exec") return store.port.multiExec(body as never);
        return store.port.single(body as never);
      })
      .then((answer) => send("error" in answer ? 400 : 200, encoded(answer as Answer | Answer[])))
      .catch((error: unknown) => send(500, { error: String(error) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    requests: () => requests,
    redis: store.redis,
    delay(wanted) {
      before = wanted;
    },
    rows: () => store.rows(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** The client asks for `Upstash-Encoding: base64`; only the word OK stays as it is. */
function encoded(answer: Answer | Answer[]): Answer | Answer[] {
  if (Array.isArray(answer)) return answer.map((one) => encoded(one) as Answer);
  return "error" in answer ? answer : { result: encodedReply(answer.result) };
}

function encodedReply(reply: Reply): Reply {
  if (Array.isArray(reply)) return reply.map(encodedReply);
  return typeof reply !== "string" || reply === "OK"
    ? reply
    : Buffer.from(reply).toString("base64");
}
