import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { LocalState } from "./local-state.ts";
import type { MachineRegistry } from "./machine-registry.ts";
import type { Address } from "./ports.ts";
import { top } from "./top.ts";

/** What a worker on this machine is started with, whatever runs it. */
export interface WorkerSetup {
  readonly address: Address;
  readonly state: LocalState;
  readonly registry: MachineRegistry | undefined;
  /** Of the two ports that a browser needs which resolves no names below `localhost`. */
  readonly secondPort: number | undefined;
  readonly signal: AbortSignal;
}

/** Where people keep real credentials; the first that exists is read, as wrangler does. */
const credentialFiles = [[".dev.vars"], [".env", ".env.local"]];

/** Files of variables, of which the last one wins. Secrets show in no list of processes that way. */
export function variableFiles({ state, registry }: WorkerSetup): readonly string[] {
  const credentials = credentialFiles
    .map((names) => names.map((name) => path.join(top, name)).filter((file) => existsSync(file)))
    .find((found) => found.length > 0);
  return [state.envFile, ...writeRegistryFile(state, registry), ...(credentials ?? [])];
}

/** Packages come from where this machine's npm gets them; DISCO_REGISTRY_URL names another place. */
function writeRegistryFile(state: LocalState, registry: MachineRegistry | undefined): string[] {
  const url = process.env["DISCO_REGISTRY_URL"] ?? registry?.url;
  if (url === undefined) return [];
  const file = path.join(state.directory, "registry.env");
  writeFileSync(file, `DISCO_REGISTRY_URL=${url}\n`, { mode: 0o600 });
  return [file];
}

/** Variables that say where the worker is served, and what git may read. */
export function placeVariables({ address, secondPort }: WorkerSetup): Record<string, string> {
  const gitHosts = process.env["DISCO_GIT_HOSTS"];
  return {
    ...(gitHosts !== undefined && { DISCO_GIT_HOSTS: gitHosts }),
    DISCO_LOCAL_PORT: String(address.port),
    ...(secondPort !== undefined && { DISCO_LOCAL_PORTS: `${address.port},${secondPort}` }),
  };
}

/** Where npm trusts more certificates than the system does, workerd has to trust them too. */
export function moreCertificates({ registry }: WorkerSetup): string | undefined {
  return registry?.certificates === undefined
    ? undefined
    : (process.env["NODE_EXTRA_CA_CERTS"] ?? registry.certificates);
}

/** workerd's configuration; by its name a process that an earlier start left behind is known. */
export function configFileOf({ state }: Pick<WorkerSetup, "state">): string {
  return path.join(state.directory, "workerd", "config.capnp");
}
