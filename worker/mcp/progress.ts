import type { ServerContext } from "@modelcontextprotocol/server";
import { oneLine } from "#protocol/progress-line.ts";
import type { OnProgress } from "../relay/link.ts";

/** Milliseconds between two notices: clients that reset their time-out by them wait 10 s and more. */
const PROGRESS_EVERY_MS = 2_000;

/**
 * Runs a call and tells its caller meanwhile that it goes on, when the caller asked for that by a
 * token (MCP 2025-11-25, basic/utilities/progress): the last line of what the work says, if it says
 * anything. Progress is the seconds that have passed; how many it will be is not known, so there is no
 * total.
 */
export async function withProgress<Result>(
  { mcpReq }: Pick<ServerContext, "mcpReq">,
  name: string,
  work: (onProgress: OnProgress | undefined) => Promise<Result>,
): Promise<Result> {
  const { _meta: meta } = mcpReq;
  const progressToken = meta?.progressToken;
  if (progressToken === undefined) return work(undefined);
  let progress = 0;
  let said: string | undefined;
  const tell = (): void => {
    progress += PROGRESS_EVERY_MS / 1_000;
    const message = said ?? `${name} is running, ${progress} s`;
    const params = { progressToken, progress, message };
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => {
      // The caller is gone; the abort of the request tells of that.
    });
  };
  const timer = setInterval(tell, PROGRESS_EVERY_MS);
  try {
    return await work((line) => {
      // The page promises one harmless line, but it is the page that says so.
      said = oneLine(line) || said;
    });
  } finally {
    clearInterval(timer);
  }
}
