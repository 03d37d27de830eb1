import type { ConformanceTarget } from "./mount.ts";

/** One run of an official conformance suite. */
export interface ConformanceRun {
  readonly name: string;
  /** The package, by its name in package.json. */
  readonly suite: "conf16" | "conf20";
  readonly args: (target: ConformanceTarget) => readonly string[];
}

/** Every run of `npm run conformance`. Each must end with 0 and have at least one check passed. */
export const conformanceRuns: readonly ConformanceRun[] = [
  {
    name: "requirements of 2025-11-25",
    suite: "conf20",
    args: ({ origin }) => ["server", "--url", `${origin}/mcp`, "--requirements", "2025-11-25"],
  },
  {
    name: "requirements of 2026-07-28",
    suite: "conf20",
    args: ({ origin }) => ["server", "--url", `${origin}/mcp`, "--requirements", "2026-07-28"],
  },
  {
    name: "suite 0.1.16, all of it",
    suite: "conf16",
    args: ({ origin }) => ["server", "--url", `${origin}/mcp`, "--suite", "all"],
  },
  {
    name: "authorization, as a person says yes",
    suite: "conf20",
    args: ({ origin, client, callbackPort }) => [
      "authorization",
      "--url",
      origin,
      "--client-id",
      client,
      "--resource",
      `${origin}/mcp`,
      "--port",
      String(callbackPort),
    ],
  },
];
