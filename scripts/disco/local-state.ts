import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { claimDirectory } from "./exclusive.ts";
import { ExpectedError } from "./expected-error.ts";

/** As long as the hash that it keys, SHA-256 (RFC 7518, section 3.2). */
const SECRET_BYTES = 32;

const LocalFile = z.object({ secret: z.string().min(SECRET_BYTES) });

/** Where one Disco of this machine keeps what must outlive it. */
export interface LocalState {
  readonly directory: string;
  /** Signs the tokens of this machine's user. */
  readonly secret: string;
  /** File that hands the secret to the worker without showing it in the list of processes. */
  readonly envFile: string;
  /** Where the worker's storage lives. */
  readonly storage: string;
  /** Lets go of the directory, so that the next start may have it. */
  release(): void;
}

/**
 * Opens the state in the named directory, or in the first of `<base>`, `<base>/2`, `<base>/3` … that
 * no running Disco holds. One worker at a time may write a storage.
 *
 * @throws ExpectedError when the named directory is held, or its file is damaged
 */
export async function openLocalState(named: string | undefined, base: string): Promise<LocalState> {
  if (named !== undefined) {
    const state = await openDirectory(path.resolve(named));
    if (state) return state;
    throw new ExpectedError(
      `${named} is used by a running Disco. Stop it, or name another --state.`,
    );
  }
  for (let number = 1; ; number += 1) {
    const state = await openDirectory(number === 1 ? base : path.join(base, String(number)));
    if (state) return state;
  }
}

async function openDirectory(directory: string): Promise<LocalState | undefined> {
  const release = await claimDirectory(directory);
  if (!release) return undefined;
  await mkdir(directory, { recursive: true });
  // Others on this machine must not read the secret, nor what the worker stores.
  await chmod(directory, 0o700);
  const secret = await readOrMakeSecret(path.join(directory, "local.json"));
  const envFile = path.join(directory, "local.env");
  await writeFile(envFile, `DISCO_LOCAL_SECRET=${secret}\n`, { mode: 0o600 });
  return { directory, secret, envFile, storage: path.join(directory, "storage"), release };
}

async function readOrMakeSecret(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text !== undefined) return parseSecret(file, text);
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  await writeFile(file, `${JSON.stringify({ secret })}\n`, { flag: "wx", mode: 0o600 });
  return secret;
}

function parseSecret(file: string, text: string): string {
  try {
    return LocalFile.parse(JSON.parse(text)).secret;
  } catch {
    throw new ExpectedError(`${file} is damaged. Remove it: the next start makes a new one.`);
  }
}
