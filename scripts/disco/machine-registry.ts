import { execFile } from "node:child_process";
import { top } from "./top.ts";

/** Milliseconds for npm to say where packages come from; it takes a third of a second. */
const ASK_TIMEOUT_MS = 10_000;

/** Where this machine's npm gets packages from, and how it knows that host. */
export interface MachineRegistry {
  readonly url: string;
  /** File with the certificates that npm trusts beside the usual ones. */
  readonly certificates: string | undefined;
}

/**
 * Asks this machine's npm.
 *
 * @returns undefined when there is no npm, or its registry needs credentials in the URL
 */
export async function findMachineRegistry(
  signal: AbortSignal,
): Promise<MachineRegistry | undefined> {
  const [registry, certificates] = await Promise.all([
    ask("registry", signal),
    ask("cafile", signal),
  ]);
  const url = registry !== undefined && URL.canParse(registry) ? new URL(registry) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "") return undefined;
  const isFile = certificates !== undefined && certificates !== "null" && certificates !== "";
  return { url: url.href, certificates: isFile ? certificates : undefined };
}

function ask(setting: string, signal: AbortSignal): Promise<string | undefined> {
  // Under `npm start` npm says where it is itself.
  const npm = process.env["npm_execpath"];
  const [command, ...first] = npm?.endsWith(".js") ? [process.execPath, npm] : ["npm"];
  const options = { cwd: top, timeout: ASK_TIMEOUT_MS, signal };
  return new Promise((resolve) => {
    execFile(command ?? "npm", [...first, "config", "get", setting], options, (error, stdout) => {
      resolve(error === null ? stdout.trim() : undefined);
    });
  });
}
