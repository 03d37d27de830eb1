import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Claims a directory for this process. The claim is a listening socket, which the system drops
 * however the process ends; a file with a process id would outlive a crash.
 *
 * @returns how to let go of it, or undefined when another process has it
 */
export async function claimDirectory(directory: string): Promise<(() => void) | undefined> {
  const address = addressOf(directory);
  for (;;) {
    const release = await listen(address);
    if (release) return release;
    if (await answers(address)) return undefined;
    // A socket file that a crash left behind; the next turn makes it anew.
    await rm(address, { force: true });
  }
}

/** Linux has names without a file; a path in the directory itself could be too long for a socket. */
function addressOf(directory: string): string {
  const hash = createHash("sha256").update(directory).digest("hex").slice(0, 32);
  const name = `disco-${process.getuid?.() ?? 0}-${hash}`;
  return process.platform === "linux" ? `\0${name}` : path.join(tmpdir(), `${name}.sock`);
}

function listen(address: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      server.unref();
      resolve(() => server.close());
    });
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
