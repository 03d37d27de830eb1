import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { ExpectedError } from "./expected-error.ts";
import type { Address } from "./ports.ts";
import type { Program } from "./processes.ts";

/** Milliseconds for the worker to be bundled and to start; on a slow machine it is some ten seconds. */
const START_TIMEOUT_MS = 90_000;
const POLL_MS = 100;
/** Milliseconds for one answer of /health, which itself waits for its store. */
const HEALTH_TIMEOUT_MS = 3_000;

/** What /health says, as far as it matters here. */
const Health = z.object({
  status: z.string(),
  mode: z.enum(["local", "deployed", "unconfigured"]),
  checks: z.object({ configuration: z.object({ detail: z.string().optional() }) }),
});

/**
 * Waits until the worker serves this machine's user.
 *
 * @throws ExpectedError with the worker's log, or with what is wrong in the configuration
 */
export async function waitForWorker(
  worker: Program,
  { port }: Address,
  signal: AbortSignal,
): Promise<void> {
  const ended = worker.ended.then((reason) => {
    throw new ExpectedError(`The worker ended while starting (${reason}):\n${worker.log()}`);
  });
  const healthy = (async () => {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline) {
      const answer = await ask(`http://127.0.0.1:${port}/health`, signal);
      if (answer !== undefined) return answer;
      await setTimeout(POLL_MS, undefined, { signal });
    }
    const seconds = START_TIMEOUT_MS / 1_000;
    throw new ExpectedError(`The worker did not answer in ${seconds} s:\n${worker.log()}`);
  })();
  healthy.catch(() => {});
  const { status, body } = await Promise.race([healthy, ended]);
  checkHealth(status, body, worker);
}

async function ask(
  url: string,
  signal: AbortSignal,
): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(HEALTH_TIMEOUT_MS)]),
    });
    return { status: response.status, body: await response.json() };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function checkHealth(status: number, body: unknown, worker: Program): void {
  const health = Health.safeParse(body);
  if (!health.success) {
    if (status === 403) throw new ExpectedError(`${localModeIsOff} It serves its own origin only.`);
    throw new ExpectedError(`/health answered ${status}: ${JSON.stringify(body)}\n${worker.log()}`);
  }
  const { mode, checks } = health.data;
  if (mode !== "local") {
    throw new ExpectedError(`${localModeIsOff} ${checks.configuration.detail ?? ""}`.trim());
  }
  if (health.data.status !== "ok") {
    throw new ExpectedError(`The worker is not healthy: ${JSON.stringify(body)}\n${worker.log()}`);
  }
}

const localModeIsOff =
  "Local mode is off, because credentials of a deployment are configured " +
  "(.dev.vars, .env or wrangler.toml). Remove them to use this machine without an account.";
