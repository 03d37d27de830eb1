// npm start: serves Disco on this machine, for a person or, with --headless, for a program.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { mintLocalClaim, mintLocalToken } from "#worker/identity/tokens.ts";
import { type StartArguments, parseStartArguments } from "./disco/arguments.ts";
import { containerStatus, waitUntilReady } from "./disco/container-status.ts";
import { ExpectedError, describeError } from "./disco/expected-error.ts";
import { greeting } from "./disco/greeting.ts";
import { type Forward, forwardPort } from "./disco/forward.ts";
import { openHeadlessTab } from "./disco/headless-tab.ts";
import { keepPorts, readKeptPorts } from "./disco/kept-ports.ts";
import { endLeftovers } from "./disco/leftovers.ts";
import { openLocalState } from "./disco/local-state.ts";
import { buildPage } from "./disco/page-build.ts";
import { findMachineRegistry } from "./disco/machine-registry.ts";
import { DEFAULT_PORT, chooseAddress } from "./disco/ports.ts";
import { type Ready, formatReadyLine } from "./disco/ready-line.ts";
import { aborted, shutdownSignal } from "./disco/shutdown.ts";
import { takeBackWhenAlone } from "./disco/take-back.ts";
import { top } from "./disco/top.ts";
import { waitForWorker } from "./disco/worker-health.ts";
import { configFileOf, type WorkerSetup } from "./disco/worker-setup.ts";
import { startOnWrangler } from "./disco/wrangler-server.ts";

/** Milliseconds from the page's load to a container that runs calls. */
const READY_TIMEOUT_MS = 60_000;

type Urls = Omit<Ready, "container">;
type Cleanup = () => void | Promise<void>;

const signal = shutdownSignal();
const cleanups: Cleanup[] = [];

function say(message: string): void {
  process.stderr.write(`disco: ${message}\n`);
}

/** Runs until it is asked to end; throws when something that it needs ends before. */
async function serve(args: StartArguments): Promise<void> {
  const base = path.join(top, ".disco");
  const state = await openLocalState(args.state, base);
  cleanups.push(() => state.release());
  if (args.state === undefined && state.directory !== base) {
    say(`another Disco is running; this one keeps its state in ${state.directory}`);
  }
  const registry = findMachineRegistry(signal);
  await buildPage(top, signal, () => say("building the page …"));

  await endLeftovers(`--persist-to=${state.storage}`);
  await endLeftovers(configFileOf({ state }));
  const { address, second } = await choosePorts(args, state.directory);
  const setup = { address, state, registry: await registry, secondPort: second?.port, signal };
  const worker = await (args.workerd ? startOnWorkerd(setup) : startOnWrangler(setup));
  cleanups.push(() => worker.stop());
  await waitForWorker(worker, address, signal);

  const workerEnded = worker.ended.then((reason) => {
    throw new ExpectedError(`The worker ended (${reason}):\n${worker.log()}`);
  });
  const name = args.twoPorts ? "localhost" : "disco.localhost";
  const link = () => sandboxLink(name, address.port, state.secret);
  const urls = await urlsOf(address.port, state.secret, link);
  const served = args.headless
    ? serveHeadless(urls, await link(), path.join(state.directory, "browser"))
    : greet(urls, state.directory);
  await Promise.race([aborted(signal), workerEnded, served]);
}

async function startOnWorkerd(setup: WorkerSetup) {
  // With it comes all of wrangler, to read wrangler.toml.
  const server = await import("./disco/workerd/workerd-server.ts");
  return server.startOnWorkerd(setup);
}

/** Chooses the ports that this state had before, as far as they are free, and keeps them. */
async function choosePorts(args: StartArguments, directory: string) {
  const kept = await readKeptPorts(directory);
  const address = await chooseAddress(args.port, kept.port);
  if (args.port === undefined && address.port !== (kept.port ?? DEFAULT_PORT)) {
    say(`port ${kept.port ?? DEFAULT_PORT} is taken; using ${address.port}`);
  }
  if (kept.port !== undefined && kept.port !== address.port) {
    say(`a browser keeps files by port: those of port ${kept.port} are not seen here, nor lost`);
  }
  const second = args.twoPorts ? await openSecondPort(kept.second) : undefined;
  second?.to(address.port);
  cleanups.push(() => second?.stop());
  await keepPorts(directory, kept, { port: address.port, second: second?.port });
  return { address, second };
}

async function openSecondPort(kept: number | undefined): Promise<Forward> {
  if (kept === undefined) return await forwardPort(0);
  return await forwardPort(kept).catch(() => forwardPort(0));
}

async function urlsOf(port: number, secret: string, link: () => Promise<string>): Promise<Urls> {
  const origin = `http://localhost:${port}`;
  return {
    origin,
    mcp: `${origin}/mcp`,
    api: `${origin}/api/v1`,
    token: await mintLocalToken(secret),
    sandboxUrl: await link(),
  };
}

/** Signs in one browser, once. */
async function sandboxLink(name: string, port: number, secret: string): Promise<string> {
  return `http://${name}:${port}/sandbox#claim=${await mintLocalClaim(secret)}`;
}

async function greet(urls: Urls, directory: string): Promise<void> {
  const tokenFile = path.join(directory, "token");
  await writeFile(tokenFile, `${urls.token}\n`, { mode: 0o600 });
  const near = path.relative(process.cwd(), tokenFile);
  process.stdout.write(greeting(urls, near.startsWith("..") ? tokenFile : near));
  await aborted(signal);
}

/**
 * stdout gets the one line and nothing else, so that a program can wait for it.
 *
 * @param link for our own tab; the one that is told stays unused
 * @param profile where our browser keeps the container's files
 */
async function serveHeadless(urls: Urls, link: string, profile: string): Promise<void> {
  const tab = await openHeadlessTab(link, signal, profile);
  cleanups.push(() => tab.stop());
  const tabEnded = tab.ended.then((reason) => {
    throw new ExpectedError(reason);
  });
  const ready = waitUntilReady(urls.api, urls.token, READY_TIMEOUT_MS, signal);
  const { container } = await Promise.race([ready, tabEnded]).catch((error: unknown) => {
    throw new ExpectedError(`${describeError(error)}\nThe page's console:\n${tab.log()}`);
  });
  process.stdout.write(`${formatReadyLine({ ...urls, container })}\n`);
  const isAlone = () =>
    containerStatus(urls.api, urls.token, signal).then(
      ({ state }) => state === "waiting_for_tab",
      () => false,
    );
  void takeBackWhenAlone(tab.page, isAlone, signal);
  await tabEnded;
}

let exitCode = 0;
try {
  await serve(parseStartArguments(process.argv.slice(2)));
} catch (error) {
  if (!signal.aborted) {
    say(describeError(error));
    exitCode = 1;
  }
}
for (const cleanup of cleanups.toReversed()) {
  await Promise.resolve(cleanup()).catch((error: unknown) => say(describeError(error)));
}
process.exit(exitCode);
