import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DiscoProcess } from "./disco-process.ts";

/** What a client needs to know. */
export interface Endpoint {
  readonly mcp: string;
  readonly api: string;
  readonly token: string;
}

interface FreshDisco {
  /** Gets the lines of its stderr. */
  readonly log?: (line: string) => void;
  /** Arguments of `npm start`, besides. */
  readonly args?: readonly string[];
}

/** Runs the work against a Disco of its own, with nothing in its workspace, and ends it afterwards. */
export async function withFreshDisco<Result>(
  work: (disco: DiscoProcess) => Promise<Result>,
  { log, args }: FreshDisco = {},
): Promise<Result> {
  const state = await mkdtemp(path.join(tmpdir(), "disco-state-"));
  try {
    const disco = await DiscoProcess.start(state, log, args);
    try {
      return await work(disco);
    } finally {
      await disco.stop();
    }
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}
