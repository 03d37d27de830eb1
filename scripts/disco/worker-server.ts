import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { ExpectedError } from "./expected-error.ts";
import type { LocalState } from "./local-state.ts";
import type { MachineRegistry } from "./machine-registry.ts";
import type { Address } from "./ports.ts";
import { Program } from "./processes.ts";
import { top } from "./top.ts";

/** Milliseconds for wrangler to bundle and start; on a slow machine it is some ten seconds. */
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

/** Where people keep real credentials; wrangler reads the first that exists, and so do we. */
const credentialFiles = [[".dev.vars"], [".env", ".env.local"]];

/** Starts the worker on wrangler, which brings workerd; it serves loopback only. */
export function startWorker(
  address: Address,
  state: LocalState,
  registry: MachineRegistry | undefined,
  secondPort: number | undefined,
  signal: AbortSignal,
): Program {
  const files = credentialFiles
    .map((names) => names.map((name) => path.join(top, name)).filter((file) => existsSync(file)))
    .find((found) => found.length > 0);
  const gitHosts = process.env["DISCO_GIT_HOSTS"];
  const args = [
    path.join(top, "node_modules/wrangler/bin/wrangler.js"),
    "dev",
    `--config=${path.join(top, "wrangler.toml")}`,
    `--ip=${address.ip}`,
    `--port=${address.port}`,
    "--inspector-port=0",
    `--persist-to=${state.storage}`,
    "--show-interactive-dev-session=false",
    "--log-level=warn",
    `--var=DISCO_LOCAL_PORT:${address.port}`,
    ...(gitHosts === undefined ? [] : [`--var=DISCO_GIT_HOSTS:${gitHosts}`]),
    ...(secondPort === undefined ? [] : [`--var=DISCO_LOCAL_PORTS:${address.port},${secondPort}`]),
    // With --env-file wrangler reads no other, so the usual ones are named as well; the last one wins.
    ...[state.envFile, ...writeRegistryFile(state, registry), ...(files ?? [])].map(
      (file) => `--env-file=${file}`,
    ),
  ];
  const env = {
    ...process.env,
    NO_COLOR: "1",
    WRANGLER_LOG_PATH: path.join(state.directory, "logs"),
    // Two workers of one name on one machine would otherwise look for each other.
    WRANGLER_REGISTRY_PATH: path.join(state.directory, "registry"),
    // Where npm trusts more certificates than the system does, workerd has to trust them too.
    ...(registry?.certificates !== undefined && {
      NODE_EXTRA_CA_CERTS: process.env["NODE_EXTRA_CA_CERTS"] ?? registry.certificates,
    }),
  };
  return new Program(process.execPath, args, { cwd: top, env, signal });
}

/** Packages come from where this machine's npm gets them; DISCO_REGISTRY_URL names another place. */
function writeRegistryFile(state: LocalState, registry: MachineRegistry | undefined): string[] {
  const url = process.env["DISCO_REGISTRY_URL"] ?? registry?.url;
  if (url === undefined) return [];
  const file = path.join(state.directory, "registry.env");
  writeFileSync(file, `DISCO_REGISTRY_URL=${url}\n`, { mode: 0o600 });
  return [file];
}

/**
 * Waits until the worker serves this machine's user.
 *
 * @throws ExpectedError with wrangler's log, or with what is wrong in the configuration
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
