import { Redis, type Requester, type UpstashRequest, type UpstashResponse } from "@upstash/redis";
import { DiscoError } from "#protocol/errors.ts";
import { type EmbeddedRedisPort, EmbeddedRequester } from "./embedded-requester.ts";

/** No request waits longer for the store: sign-in and routing are of no use after that. */
export const STORE_TIMEOUT_MS = 1_500;

/** The embedded store is one object per deployment. */
const EMBEDDED_NAME = "store";

/** How Redis begins when a command is wrong, which is our mistake, and not the store that is down. */
const REFUSAL = /(WRONGTYPE|NOSCRIPT|EXECABORT|ERR (syntax|unknown|wrong|value|invalid|min)) .*/s;

/** The client adds the whole command to what Redis said; a command may hold secrets. */
const COMMAND_TEXT = /, command was: .*$/s;

/** Where the store is: the variables of a deployment, and the binding that replaces them. */
export interface StoreEnvironment {
  readonly UPSTASH_REDIS_REST_URL?: string;
  readonly UPSTASH_REDIS_REST_TOKEN?: string;
  readonly EMBEDDED_REDIS: { getByName(name: string): EmbeddedRedisPort };
}

/**
 * The store: Upstash Redis when it is configured, else the embedded one behind the same client.
 *
 * Values come back as the strings they are; `hgetall` gives fields and values in turn. Every failed
 * command is a DiscoError: `store_unavailable`, or `internal` for a command that Redis refuses.
 * Nothing is repeated: nobody can know whether an INCR or GETDEL without an answer was run.
 */
export function createRedis(env: StoreEnvironment): Redis {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = env;
  const requester = url
    ? new RestRequester({
        url,
        token,
        retry: { retries: 0 },
        signal: () => AbortSignal.timeout(STORE_TIMEOUT_MS),
        enableTelemetry: false,
        enableAutoPipelining: false,
      })
    : new EmbeddedRequester(env.EMBEDDED_REDIS.getByName(EMBEDDED_NAME));
  return new StoreClient(new GuardedRequester(requester));
}

/** Lends the HTTP half of the client, which the package does not export. */
class RestRequester extends Redis implements Requester {
  request<Result = unknown>(request: UpstashRequest): Promise<UpstashResponse<Result>> {
    return this.client.request(request);
  }
}

/** The client over any requester; its constructor takes these options only together with a URL. */
class StoreClient extends Redis {
  constructor(requester: Requester) {
    super(requester);
    this.opts = { automaticDeserialization: false };
  }
}

/** Turns every failure into a DiscoError without the command's text. */
class GuardedRequester implements Requester {
  readonly #inner: Requester;

  constructor(inner: Requester) {
    this.#inner = inner;
  }

  async request<Result = unknown>(request: UpstashRequest): Promise<UpstashResponse<Result>> {
    let response: UpstashResponse<Result> | UpstashResponse<Result>[];
    try {
      response = await this.#inner.request<Result>(request);
    } catch (error) {
      throw storeError(error instanceof Error ? error.message : String(error));
    }
    const failed = [response].flat().find(({ error }) => error !== undefined && error !== null);
    if (failed) throw storeError(String(failed.error));
    return response;
  }
}

function storeError(text: string): DiscoError {
  const cause = new Error(text.replace(COMMAND_TEXT, ""));
  return REFUSAL.test(cause.message)
    ? new DiscoError("internal", "The store refused a command.", { cause })
    : new DiscoError("store_unavailable", "The store does not answer.", { cause });
}
