import { parseArgs } from "node:util";
import { ExpectedError } from "./expected-error.ts";

export interface StartArguments {
  /** Attach a Chromium of our own instead of waiting for a person. */
  readonly headless: boolean;
  /** 0: any free port. Undefined: the usual one, or the next that is free. */
  readonly port: number | undefined;
  /** Use two ports of `localhost`, for a browser that does not resolve the names below it. */
  readonly twoPorts: boolean;
  /** Serve with workerd itself instead of wrangler. */
  readonly workerd: boolean;
  /** Where secret and records are kept; undefined: `.disco/` of the repository. */
  readonly state: string | undefined;
}

export const usage =
  "npm start [-- [--headless] [--port N] [--two-ports] [--workerd] [--state DIR]]";

const PORT_MAX = 65_535;

/** @throws ExpectedError that names the wrong argument */
export function parseStartArguments(args: readonly string[]): StartArguments {
  const { headless, port, state, workerd, "two-ports": twoPorts } = parse(args);
  const wanted = port === undefined ? undefined : parsePort(port);
  return { headless, port: wanted, twoPorts, workerd, state };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        headless: { type: "boolean", default: false },
        port: { type: "string" },
        "two-ports": { type: "boolean", default: false },
        workerd: { type: "boolean", default: false },
        state: { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new ExpectedError(
      `${error instanceof Error ? error.message : String(error)}\nUsage: ${usage}`,
    );
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > PORT_MAX) {
    throw new ExpectedError(`--port takes a number from 0 to ${PORT_MAX}, not "${text}".`);
  }
  return port;
}
