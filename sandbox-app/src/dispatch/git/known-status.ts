import { skippedDirectories } from "../../search/own-rules.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { gitFailure } from "./git-failure.ts";
import { type ParsedStatus, parseStatus } from "./parse-status.ts";
import type { RepositoryPlace } from "./repository-place.ts";
import { runGit } from "./run-git.ts";

/** Milliseconds for a status that nobody waits for any more: of a workspace that is full of files. */
const STATUS_MAX_MS = 20_000;

interface Known {
  readonly key: string;
  /** Of the scan before git looked. */
  readonly version: string;
  readonly status: Promise<ParsedStatus>;
}

const known = new WeakMap<Runtime, Known>();

/**
 * What has changed at and below the path of a place. Git looks at each file, so the last answer of a
 * runtime is kept, and holds until a file changes; a look goes on when its call is over, for the next.
 *
 * @throws DiscoError git_refused, not_a_repository, or the signal's reason when it aborts
 */
export async function readStatus(
  runtime: Runtime,
  place: RepositoryPlace,
  signal: AbortSignal,
): Promise<ParsedStatus> {
  const key = `${place.top}\0${place.inside}`;
  const last = known.get(runtime);
  const options = { skip: [...skippedDirectories], ...(last && { since: last.version }) };
  const { version, entries } = await runtime.files.scan(runtime.root, options);
  if (last !== undefined && entries === null && last.key === key)
    return during(last.status, signal);
  signal.throwIfAborted();
  const status = ask(runtime, place);
  const mine: Known = { key, version, status };
  known.set(runtime, mine);
  status.catch(() => {
    if (known.get(runtime) === mine) known.delete(runtime);
  });
  return during(status, signal);
}

async function ask(runtime: Runtime, { top, inside }: RepositoryPlace): Promise<ParsedStatus> {
  const args = ["status", "--porcelain=v2", "--branch", "-z", "--untracked-files=normal"];
  const signal = AbortSignal.timeout(STATUS_MAX_MS);
  const answer = await runGit(runtime, [...args, "--", inside], { cwd: top, signal });
  if (answer.code !== 0) throw gitFailure("git status", answer);
  return parseStatus(answer.stdout);
}

/** @throws the signal's reason when it aborts first */
async function during<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
