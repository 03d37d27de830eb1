import * as z from "zod";
import {
  type EGRESS_NAME,
  type EgressRequest,
  EgressResponse,
  type Framed,
  readHead,
  writeHead,
} from "#protocol/egress-frame.ts";
import type { ErrorCode } from "#protocol/error-catalogue.ts";
import type { GIT_NAME } from "#protocol/git-request.ts";
import { RESERVED_PATH } from "#protocol/previews.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The worker did not pass the request on. */
export class ProxyRefusal extends Error {
  override readonly name = "ProxyRefusal";
  readonly code: ErrorCode | "unknown";

  constructor(code: ErrorCode | "unknown", message: string) {
    super(message);
    this.code = code;
  }
}

/** A problem document, as far as it matters here. */
const Problem = z.object({ code: z.string(), detail: z.string() });

/** Which of the worker's proxies is asked. */
export type Door = typeof EGRESS_NAME | typeof GIT_NAME;

export interface Sending {
  readonly door: Door;
  readonly request: Omit<EgressRequest, "bodyBytes">;
  readonly body: Uint8Array;
  readonly token: string;
  readonly signal: AbortSignal;
}

/**
 * Has the worker send a request to another host.
 *
 * @param base origin of the runtime
 * @throws ProxyRefusal, BadHead, or what `fetch` fails with
 */
export async function sendByProxy(
  fetch: Fetch,
  base: string,
  { door, request, body, token, signal }: Sending,
): Promise<Framed<EgressResponse>> {
  const head = writeHead({ ...request, bodyBytes: body.length });
  const response = await fetch(base + RESERVED_PATH + door, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/octet-stream" },
    body: new Blob([head, body as Uint8Array<ArrayBuffer>]),
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
    signal,
  });
  if (!response.ok || response.body === null) throw await refusalOf(response);
  return readHead(response.body, EgressResponse);
}

async function refusalOf(response: Response): Promise<ProxyRefusal> {
  const problem = Problem.safeParse(await response.json().catch(() => null));
  if (!problem.success) return new ProxyRefusal("unknown", `The worker said ${response.status}.`);
  return new ProxyRefusal(problem.data.code as ErrorCode, problem.data.detail);
}
