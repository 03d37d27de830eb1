import type { System } from "../../../kernel/system-calls.ts";
import { errnoOf } from "../../redirect/error-words.ts";
import { TransferError } from "./failure.ts";

const COULD_NOT_RESOLVE = 6;
const COULD_NOT_CONNECT = 7;
const NO_TLS = 35;

/** Opens a connection for requests to a URL; returns its descriptor. */
export async function openConnection(system: System, url: URL): Promise<number> {
  if (!isLocal(url.hostname)) return outgoing(system, url);
  if (url.protocol === "https:") {
    throw new TransferError(
      NO_TLS,
      `servers of this container speak no TLS: use http://${url.host}${url.pathname}`,
    );
  }
  const port = Number(url.port === "" ? "80" : url.port);
  try {
    return await system.call("connect", port);
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    throw new TransferError(
      COULD_NOT_CONNECT,
      `Failed to connect to ${url.hostname} port ${port} after 0 ms: Couldn't connect to server`,
    );
  }
}

/** The way to other hosts, which the person allows one by one. */
async function outgoing(system: System, url: URL): Promise<number> {
  if (!/[.:]/.test(url.hostname))
    throw new TransferError(COULD_NOT_RESOLVE, `Could not resolve host: ${url.hostname}`);
  try {
    return await system.call("connectHttp", url.origin);
  } catch (error) {
    if (errnoOf(error) === "" || !(error instanceof Error)) throw error;
    throw new TransferError(COULD_NOT_CONNECT, error.message);
  }
}

/** Names of the container itself. */
function isLocal(host: string): boolean {
  return (
    /^(?:localhost|.+\.localhost|disco|0\.0\.0\.0|127\.\d+\.\d+\.\d+)$/.test(host) ||
    host === "[::1]"
  );
}
