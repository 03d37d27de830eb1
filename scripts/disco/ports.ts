import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";
import { ExpectedError } from "./expected-error.ts";

/** wrangler's own default, which people know. */
export const DEFAULT_PORT = 8787;
/** How often a port that was kept is looked at before another is taken, and how far apart. */
const KEPT_LOOKS = 10;
const KEPT_LOOK_MS = 200;
/** How many ports after the default are tried before giving up. */
const PORTS_TO_TRY = 100;

export interface Address {
  readonly port: number;
  /** `localhost` serves 127.0.0.1 and ::1; a machine without IPv6 has the first only. */
  readonly ip: "localhost" | "127.0.0.1";
}

/**
 * Chooses where to listen, on loopback only.
 *
 * @param wanted 0: any free port; undefined: the usual one, or the next that is free
 * @param kept comes first where the choice is free
 * @throws ExpectedError when the wanted port is taken
 */
export async function chooseAddress(wanted: number | undefined, kept?: number): Promise<Address> {
  const ip = (await listens(0, "::1")) === undefined ? "127.0.0.1" : "localhost";
  if (!wanted && kept !== undefined && (await becomesFree(kept, ip))) return { port: kept, ip };
  if (wanted === 0) {
    const port = await listens(0, "127.0.0.1");
    if (port !== undefined) return { port, ip };
    throw new ExpectedError("This machine has no free port.");
  }
  const last = wanted ?? DEFAULT_PORT + PORTS_TO_TRY;
  for (let port = wanted ?? DEFAULT_PORT; port <= last; port += 1) {
    if (await isFree(port, ip)) return { port, ip };
  }
  throw new ExpectedError(
    wanted === undefined
      ? `The ports ${DEFAULT_PORT} to ${last} are taken. Name a free one: npm start -- --port N`
      : `Port ${wanted} is taken. Name another one, or leave --port out.`,
  );
}

/** The one who had it may be about to end: a browser keeps a container's files by the port. */
async function becomesFree(port: number, ip: Address["ip"]): Promise<boolean> {
  for (let look = 0; look < KEPT_LOOKS; look += 1) {
    if (await isFree(port, ip)) return true;
    await setTimeout(KEPT_LOOK_MS);
  }
  return false;
}

async function isFree(port: number, ip: Address["ip"]): Promise<boolean> {
  if ((await listens(port, "127.0.0.1")) === undefined) return false;
  return ip === "127.0.0.1" || (await listens(port, "::1")) !== undefined;
}

/** Listens for a moment. Resolves with the port, or undefined where that is not possible. */
function listens(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}
