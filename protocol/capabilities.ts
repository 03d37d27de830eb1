import * as z from "zod";
import { PATH_MAX_CHARS, PORTS_MAX } from "./limits.ts";

/** What a runtime can honestly do; told in the hello and in `container_status`. */
export const RuntimeCapabilities = z.object({
  kind: z.enum(["webcontainer", "embedded"]).describe("Which runtime runs the container."),
  separateStderr: z.boolean().describe("Standard error is a stream of its own."),
  signals: z.boolean().describe("Processes receive signals other than a plain kill."),
  symlinks: z.boolean().describe("The file system has symbolic links."),
  pty: z.boolean().describe("Interactive terminals."),
  backgroundJobs: z.boolean().describe("Programs go on after the shell that started them ended."),
  realNode: z.boolean().describe("Programs run in a full Node.js."),
  python: z.enum(["none", "stdlib", "pyodide"]).describe("Which Python there is."),
  previewWebSocket: z.boolean().describe("Previews can open WebSockets to their server."),
});
export type RuntimeCapabilities = z.infer<typeof RuntimeCapabilities>;

/** Where a container is in its life, as the tab reports it. */
export const RuntimeState = z.discriminatedUnion("state", [
  z.object({ state: z.literal("booting"), stage: z.string().max(200) }),
  z.object({
    state: z.literal("ready"),
    capabilities: RuntimeCapabilities,
    root: z.string().max(PATH_MAX_CHARS),
    /** Ports on which programs listen, in their order. */
    ports: z.array(z.int().min(1).max(65_535)).max(PORTS_MAX).default([]),
  }),
  z.object({ state: z.literal("error"), message: z.string().max(2_000) }),
]);
export type RuntimeState = z.infer<typeof RuntimeState>;
