import * as z from "zod";

/** Milliseconds for one answer of the worker. */
const REQUEST_TIMEOUT_MS = 10_000;

const Problem = z.object({ detail: z.string() });

/**
 * Asks a route of the page's own, with the person's sign-in.
 *
 * @throws Error with words for the person
 */
export async function askWorker(path: string, method: string, body?: object): Promise<unknown> {
  const response = await fetch(path, {
    method,
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    ...(body && {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  }).catch((cause: unknown) => {
    throw new Error("The worker could not be reached.", { cause });
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (response.status === 401) throw new Error("The sign-in is gone: open a new link.");
  const problem = Problem.safeParse(answer);
  throw new Error(problem.success ? problem.data.detail : `The worker said ${response.status}.`);
}
