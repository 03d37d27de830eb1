import type { Requester, UpstashRequest, UpstashResponse } from "@upstash/redis";
import { errors } from "@upstash/redis";
import type { Command, CommandResult } from "./embedded-redis.ts";

/** What the embedded store offers over RPC. */
export interface EmbeddedRedisPort {
  single(command: Command): Promise<CommandResult>;
  pipeline(list: readonly Command[]): Promise<CommandResult[]>;
  multiExec(list: readonly Command[]): Promise<CommandResult[] | { error: string }>;
}

/** Speaks for the embedded store as the REST API speaks for a Redis server. */
export class EmbeddedRequester implements Requester {
  readonly #store: EmbeddedRedisPort;

  constructor(store: EmbeddedRedisPort) {
    this.#store = store;
  }

  async request<Result = unknown>(request: UpstashRequest): Promise<UpstashResponse<Result>> {
    const answer = await this.#dispatch(request.path?.[0], request.body);
    if ("error" in answer) throw new errors.UpstashError(answer.error);
    // The client picks the type by the command that it sent; the wire has none.
    return answer as UpstashResponse<Result>;
  }

  #dispatch(path: string | undefined, body: unknown) {
    switch (path) {
      case undefined:
        return this.#store.single(body as Command);
      case "pipeline":
        return this.#store.pipeline(body as Command[]);
      case "multi-exec":
        return this.#store.multiExec(body as Command[]);
      default:
        throw new errors.UpstashError(`ERR the embedded store has no ${path}`);
    }
  }
}
