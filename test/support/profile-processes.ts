import { readdir, readFile } from "node:fs/promises";

/** Ids of the Chromium processes that were started with this profile directory, and only of these. */
export async function processesOf(profile: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (command.split("\0").includes(`--user-data-dir=${profile}`)) found.push(Number(name));
  }
  return found;
}
