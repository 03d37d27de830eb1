import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { top } from "#scripts/disco/top.ts";

/** It brings 110 MB that nothing else of ours needs, so it is installed when a test wants it. */
const FOLDER = path.join(top, "test/inspector");
const PROGRAM = path.join(
  FOLDER,
  "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js",
);

/** Milliseconds that an installation may take. */
const INSTALL_MAX_MS = 150_000;

/** Path of the Inspector, which is installed when it is not there. */
export async function inspectorProgram(): Promise<string> {
  const isThere = await access(PROGRAM).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
    await promisify(execFile)("npm", ["ci", ...flags], { cwd: FOLDER, timeout: INSTALL_MAX_MS });
  }
  return PROGRAM;
}
