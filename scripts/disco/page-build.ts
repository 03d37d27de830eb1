import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { claimDirectory } from "./exclusive.ts";
import { ExpectedError } from "./expected-error.ts";
import { Program } from "./processes.ts";

/** What the built page is made of. */
const sources = [
  "sandbox-app",
  "protocol",
  ".well-known",
  "vite.config.ts",
  "scripts/disco/preview-files.ts",
  "scripts/disco/runtime-document.ts",
  "package.json",
  "package-lock.json",
];

/** Milliseconds between two looks whether another start has finished its build. */
const WAIT_MS = 200;

/**
 * Builds the page into `dist/client` unless what is there was made of these very sources. Safe when
 * several starts do it at once: one builds, and a finished build replaces the earlier one whole.
 *
 * @returns whether it was built anew
 * @throws ExpectedError with vite's own message
 */
export async function buildPage(
  top: string,
  signal: AbortSignal,
  onBuild: () => void = () => {},
): Promise<boolean> {
  const dist = path.join(top, "dist");
  await mkdir(dist, { recursive: true });
  for (;;) {
    const hash = await hashOf(top);
    if (await isBuilt(dist, hash)) return false;
    const release = await claimDirectory(dist);
    if (release) {
      try {
        // Another start may have built it between the two lines above.
        if (await isBuilt(dist, hash)) return false;
        onBuild();
        await build(top, dist, hash, signal);
        return true;
      } finally {
        release();
      }
    }
    await setTimeout(WAIT_MS, undefined, { signal });
  }
}

async function isBuilt(dist: string, hash: string): Promise<boolean> {
  if (!existsSync(path.join(dist, "client"))) return false;
  return (await readFile(path.join(dist, "client.hash"), "utf8").catch(() => "")) === hash;
}

async function build(top: string, dist: string, hash: string, signal: AbortSignal): Promise<void> {
  const fresh = path.join(dist, "client.fresh");
  const vite = path.join(top, "node_modules/vite/bin/vite.js");
  const args = [vite, "build", "--outDir", fresh, "--logLevel", "warn"];
  const program = new Program(process.execPath, args, {
    cwd: top,
    env: { ...process.env, NO_COLOR: "1" },
    signal,
  });
  const reason = await program.ended;
  signal.throwIfAborted();
  if (program.exitCode !== 0) {
    throw new ExpectedError(`The page could not be built (${reason}):\n${program.log()}`);
  }
  const old = path.join(dist, "client.old");
  await rm(path.join(dist, "client.hash"), { force: true });
  await rm(old, { recursive: true, force: true });
  await rename(path.join(dist, "client"), old).catch(() => {});
  await rename(fresh, path.join(dist, "client"));
  await writeFile(path.join(dist, "client.hash"), hash);
  await rm(old, { recursive: true, force: true });
}

/** One hash over the names and contents of all sources. */
async function hashOf(top: string): Promise<string> {
  const hash = createHash("sha256");
  for (const source of sources) {
    for (const file of await filesBelow(path.join(top, source))) {
      hash.update(`${path.relative(top, file)}\0`);
      hash.update(await readFile(file));
    }
  }
  return hash.digest("hex");
}

async function filesBelow(place: string): Promise<string[]> {
  const entries = await readdir(place, { withFileTypes: true, recursive: true }).catch(() => null);
  if (entries === null) return existsSync(place) ? [place] : [];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}
