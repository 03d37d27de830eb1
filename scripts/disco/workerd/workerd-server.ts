import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseEnv } from "node:util";
import { transformWithOxc } from "vite";
import workerd from "workerd";
import { unstable_readConfig } from "wrangler";
import * as z from "zod";
import { ExpectedError } from "../expected-error.ts";
import { Program } from "../processes.ts";
import { top } from "../top.ts";
import {
  configFileOf,
  moreCertificates,
  placeVariables,
  variableFiles,
  type WorkerSetup,
} from "../worker-setup.ts";
import { workerdConfig } from "./workerd-config.ts";

const ASSETS_SCRIPT = "assets.js";

/** What of wrangler.toml is served here. */
const Described = z.object({
  name: z.string(),
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  durable_objects: z.object({
    bindings: z.array(z.object({ name: z.string(), class_name: z.string() })),
  }),
});

/**
 * Starts the worker on workerd itself, as wrangler.toml describes it: without wrangler's proxy in front,
 * and without its reload. Records are those that `npm start` keeps otherwise.
 *
 * @throws ExpectedError when the worker cannot be bundled
 */
export async function startOnWorkerd(setup: WorkerSetup): Promise<Program> {
  const directory = path.join(setup.state.directory, "workerd");
  // Wrangler's own place for the objects' databases.
  const storage = path.join(setup.state.storage, "v3/do");
  await mkdir(storage, { recursive: true });
  await mkdir(directory, { recursive: true });
  await bundleWorker(directory, setup.signal);
  const assetsSource = path.join(import.meta.dirname, "assets-service.ts");
  const built = await transformWithOxc(await readFile(assetsSource, "utf8"), assetsSource);
  await writeFile(path.join(directory, ASSETS_SCRIPT), built.code);
  const described = Described.parse(
    unstable_readConfig({ config: path.join(top, "wrangler.toml") }),
  );
  const variables = await readVariables(setup);
  const config = workerdConfig({
    ...setup.address,
    script: "index.js",
    assetsScript: ASSETS_SCRIPT,
    files: path.join(top, "dist/client"),
    storage,
    name: described.name,
    compatibilityDate: described.compatibility_date,
    compatibilityFlags: described.compatibility_flags,
    objects: Object.fromEntries(
      described.durable_objects.bindings.map(({ name, class_name }) => [name, class_name]),
    ),
    variables: Object.fromEntries(Object.keys(variables).map((key) => [key, key])),
    certificates: await certificatesOf(setup),
  });
  const configFile = configFileOf(setup);
  await writeFile(configFile, config);
  return new Program(workerd.default, ["serve", configFile], {
    cwd: top,
    env: { ...process.env, ...variables },
    signal: setup.signal,
  });
}

/** As `wrangler deploy` does it, so that what runs here is what would run there. */
async function bundleWorker(directory: string, signal: AbortSignal): Promise<void> {
  const args = [
    path.join(top, "node_modules/wrangler/bin/wrangler.js"),
    "deploy",
    "--dry-run",
    `--config=${path.join(top, "wrangler.toml")}`,
    `--outdir=${directory}`,
  ];
  const env = { ...process.env, NO_COLOR: "1", WRANGLER_LOG_PATH: path.join(directory, "logs") };
  const program = new Program(process.execPath, args, { cwd: top, env, signal });
  const reason = await program.ended;
  signal.throwIfAborted();
  if (program.exitCode === 0) return;
  throw new ExpectedError(`The worker could not be bundled (${reason}):\n${program.log()}`);
}

async function readVariables(setup: WorkerSetup): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const file of variableFiles(setup)) {
    for (const [name, value] of Object.entries(parseEnv(await readFile(file, "utf8")))) {
      if (value !== undefined) variables[name] = value;
    }
  }
  return { ...variables, ...placeVariables(setup) };
}

async function certificatesOf(setup: WorkerSetup): Promise<string[]> {
  const file = moreCertificates(setup);
  if (file === undefined) return [];
  const text = await readFile(file, "utf8");
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}
