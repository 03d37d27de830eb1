import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";

const Port = z.number().int().min(1).max(65_535).optional();
const KeptPorts = z.object({
  /** Where the page is. */
  port: Port,
  /** Where the runtime is, with `--two-ports`. */
  second: Port,
});

/**
 * The ports of a state directory's first start. A browser keeps files by origin, and the port is a part
 * of the origin: on another port the container would be empty.
 */
export type KeptPorts = z.infer<typeof KeptPorts>;

/** What cannot be read counts as never written: a port is quickly chosen anew. */
export async function readKeptPorts(directory: string): Promise<KeptPorts> {
  const text = await readFile(fileIn(directory), "utf8").catch(() => "{}");
  try {
    return KeptPorts.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Keeps the ports that are not kept yet. */
export async function keepPorts(
  directory: string,
  kept: KeptPorts,
  used: KeptPorts,
): Promise<void> {
  const ports = { port: kept.port ?? used.port, second: kept.second ?? used.second };
  await writeFile(fileIn(directory), `${JSON.stringify(ports)}\n`);
}

function fileIn(directory: string): string {
  return path.join(directory, "ports.json");
}
