import path from "node:path";
import { Program } from "./processes.ts";
import { top } from "./top.ts";
import {
  moreCertificates,
  placeVariables,
  variableFiles,
  type WorkerSetup,
} from "./worker-setup.ts";

/** Starts the worker on wrangler, which brings workerd; it serves loopback only. */
export function startOnWrangler(setup: WorkerSetup): Program {
  const { address, state, signal } = setup;
  const certificates = moreCertificates(setup);
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
    ...Object.entries(placeVariables(setup)).map(([name, value]) => `--var=${name}:${value}`),
    // With --env-file wrangler reads no other, so the usual ones are named as well.
    ...variableFiles(setup).map((file) => `--env-file=${file}`),
  ];
  const env = {
    ...process.env,
    NO_COLOR: "1",
    WRANGLER_LOG_PATH: path.join(state.directory, "logs"),
    // Two workers of one name on one machine would otherwise look for each other.
    WRANGLER_REGISTRY_PATH: path.join(state.directory, "registry"),
    ...(certificates !== undefined && { NODE_EXTRA_CA_CERTS: certificates }),
  };
  return new Program(process.execPath, args, { cwd: top, env, signal });
}
