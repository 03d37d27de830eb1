import type { MiddlewareHandler } from "hono";
import { ruleText } from "#protocol/egress-rule.ts";
import { GIT_NAME, type GitRequest, parseGitRequest } from "#protocol/git-request.ts";
import { DiscoError } from "#protocol/errors.ts";
import { RESERVED_PATH } from "#protocol/previews.ts";
import {
  type Admitted,
  admit,
  confirming,
  passBack,
  requireStanding,
} from "../egress/admission.ts";
import { grantsOf } from "../egress/granted.ts";
import type { EgressLimits } from "../egress/limits.ts";
import { send } from "../egress/send.ts";
import { refuseSelf } from "../egress/target.ts";
import type { AppEnv } from "../http/app-env.ts";
import { RateBound } from "../registry/rate-bound.ts";
import { createGitCredentials } from "../store/git-credentials.ts";
import { createGitGrants } from "../store/git-grants.ts";
import { createRedis, type StoreEnvironment } from "../store/redis.ts";
import { gitHeaders, readGitAnswer } from "./exchange-headers.ts";
import { gitLimits } from "./limits.ts";
import { gitNotGranted, type Permission, permissionFor, requireUpdates } from "./permission.ts";
import { readUpdates } from "./ref-updates.ts";

/** Path of the proxy on the runtime's host. */
export const GIT_PATH = RESERVED_PATH + GIT_NAME;

/**
 * The container's way to repositories of other hosts: git's own requests and no others. It holds the
 * person's credentials, which neither the program nor the page ever sees.
 */
export function gitProxy(limits: EgressLimits = gitLimits): MiddlewareHandler<AppEnv> {
  const rate = new RateBound(limits.burst, limits.perSecond);
  return async (context, next) => {
    if (context.get("origins").role !== "runtime") return next();
    const admitted = await admit(context, GIT_PATH, rate);
    const request = requestOf(admitted);
    await requireStanding(admitted);
    const { head } = admitted;
    const asking = new Asking(context.env, admitted, request);
    const permission = await asking.permission();
    if (permission === null) {
      await admitted.body.cancel();
      throw gitNotGranted(request);
    }
    const body = await checkedBody(admitted, request, permission);
    const headers = gitHeaders(request, head.headers, await asking.credential(permission));
    const abort = new AbortController();
    const { silenceMs, recheckMs, totalMs, responseMaxBytes: maxBytes } = limits;
    const mayGoOn = confirming(
      async () => (await admitted.isSignedIn()) && (await asking.permission()) !== null,
    );
    const bounds = { silenceMs, recheckMs, mayGoOn };
    const refusal = gitNotGranted(request);
    const outgoing = { request: head, target: request.target, headers, body, refusal };
    const answer = await send({ ...outgoing, ...bounds, abort });
    const told = toldOf(request, head.url, answer, abort);
    const { status, statusText } = answer;
    const passed = told.hasBody ? answer : new Response(null, { status, statusText });
    if (!told.hasBody) abort.abort();
    return passBack(passed, {
      headers: told.headers,
      bounds: { maxBytes, totalMs, ...bounds },
      abort,
    });
  };
}

/** What is asked of the store about one request. */
class Asking {
  readonly #env: StoreEnvironment;
  readonly #admitted: Admitted;
  readonly #request: GitRequest;

  constructor(env: StoreEnvironment, admitted: Admitted, request: GitRequest) {
    this.#env = env;
    this.#admitted = admitted;
    this.#request = request;
  }

  permission(): Promise<Permission | null> {
    const { claims, self } = this.#admitted;
    const redis = createRedis(this.#env);
    const permissions = {
      gitHosts: self.config.gitHosts,
      hosts: grantsOf(this.#env),
      repositories: createGitGrants(redis),
    };
    return permissionFor(permissions, claims.container, this.#request);
  }

  async credential(permission: Permission) {
    if (permission.kind === "host") return null;
    const { claims, self } = this.#admitted;
    const credentials = createGitCredentials(createRedis(this.#env), self.config.secret);
    const { repository, target } = this.#request;
    return credentials.find(claims.sub, [repository, ruleText(target)]);
  }
}

/** @throws DiscoError `network_refused` for everything but git's requests to hosts that may be asked */
function requestOf({ head, self }: Admitted): GitRequest {
  const parsed = parseGitRequest(head.method, head.url, self.config.mode === "local");
  if (!parsed.ok) throw new DiscoError("network_refused", parsed.problem);
  refuseSelf(parsed.value.target, self);
  return parsed.value;
}

/** The body, of a push only after it was read what it changes. */
async function checkedBody(
  { body }: Admitted,
  request: GitRequest,
  permission: Permission,
): Promise<ReadableStream<Uint8Array>> {
  if (request.service !== "git-receive-pack" || request.step !== "pack") return body;
  if (permission.kind !== "repository") throw gitNotGranted(request);
  const read = await readUpdates(body);
  requireUpdates(read.updates, permission.grant);
  return read.body;
}

function toldOf(request: GitRequest, url: string, answer: Response, abort: AbortController) {
  try {
    return readGitAnswer(request, url, answer);
  } catch (error) {
    abort.abort();
    throw error;
  }
}
