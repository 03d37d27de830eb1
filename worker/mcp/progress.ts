import type { ServerContext } from "@modelcontextprotocol/server";

/** Milliseconds between two notices: clients that reset their time-out by them wait 10 s and more. */
const PROGRESS_EVERY_MS = 2_000;

/**
 * Runs a call and tells its caller meanwhile that it goes on, when the caller asked for that by a
 * token (MCP 2025-11-25, basic/utilities/progress). Progress is the seconds that have passed; how
 * many it will be is not known, so there is no total.
 */
export async function withProgress<Result>(
  { mcpReq }: Pick<ServerContext, "mcpReq">,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const { _meta: meta } = mcpReq;
  const progressToken = meta?.progressToken;
  if (progressToken === undefined) return work();
  let progress = 0;
  const tell = (): void => {
    progress += PROGRESS_EVERY_MS / 1_000;
    const message = `${name} is running, ${progress} s`;
    const params = { progressToken, progress, message };
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => {
      // The caller is gone; the abort of the request tells of that.
    });
  };
  const timer = setInterval(tell, PROGRESS_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
