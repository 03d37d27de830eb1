import { Server, type ServerContext } from "@modelcontextprotocol/server";
import { DiscoError } from "#protocol/errors.ts";
import { shownClientName } from "../identity/client-name.ts";
import type { CallContext, ContainerDirectory } from "../operations/context.ts";
import { execute } from "../operations/execute.ts";
import { canonicalInput, canonicalName } from "./aliases.ts";
import { callerOf, clientNameOf, knowsResourceLinks, type McpCaller } from "./caller.ts";
import { withProgress } from "./progress.ts";
import { getPrompt, prompts } from "./prompts.ts";
import { resourceTemplates } from "./resource-uri.ts";
import { readResource } from "./resources.ts";
import { errorResultOf, resultOf } from "./results.ts";
import { splitContainer, tools } from "./tools.ts";

/** Some clients read only the first 512 characters, so the point stands first. */
const INSTRUCTIONS =
  "Disco is a live dev environment that runs in the user's own browser tab. Call container_status " +
  "first: when its state is waiting_for_tab, give the user open_url and ask them to open it, then call " +
  "container_status again. Explore with list_files and with run_command (grep, find, sed, awk, jq in one " +
  "pipeline), read with read_file, change with write_file. What runs longer than a call goes on as a " +
  "process: start servers with background true, then use read_output and wait_for. All paths are " +
  "relative to the workspace. Every tool takes `container`, the id of another container than the " +
  "user's own. An error says what to do next.";

/** Milliseconds that clients may keep a list: it changes only with a new version. */
const LIST_TTL_MS = 300_000;

/** Containers as one caller reaches them from inside the relay. */
export type DirectoryOf = (caller: McpCaller) => ContainerDirectory;

/**
 * One MCP server for one unit: a request (2026-07-28) or a session (2025). Servers are never shared,
 * so that no answer can reach another caller.
 */
export function createServer(directoryOf: DirectoryOf, version: string): Server {
  const lists = { ttlMs: LIST_TTL_MS, cacheScope: "private" } as const;
  const server = new Server(
    { name: "disco", title: "Disco", version },
    {
      capabilities: { tools: {}, resources: {}, prompts: {} },
      instructions: INSTRUCTIONS,
      cacheHints: {
        "tools/list": lists,
        "resources/list": lists,
        "resources/templates/list": lists,
        "prompts/list": lists,
      },
    },
  );
  server.setRequestHandler("tools/list", (_request, context) => ({
    tools: tools.filter(({ name }) => isSelected(name, context)),
  }));
  server.setRequestHandler("tools/call", async (request, context) => {
    const name = canonicalName(request.params.name);
    try {
      if (!isSelected(name, context)) throw notSelected(name);
      const { container, input: given } = splitContainer(request.params.arguments);
      const input = canonicalInput(name, given);
      const call = { ...callOf(context, directoryOf), container };
      const output = await withProgress(context, name, (onProgress) =>
        execute(name, input, { ...call, onProgress }),
      );
      const about = {
        container: container ?? callerOf(context.http?.authInfo).container.id,
        input,
      };
      return resultOf(name, output, knowsResourceLinks(context) ? about : undefined);
    } catch (error) {
      return errorResultOf(DiscoError.from(error), callerOf(context.http?.authInfo).app);
    }
  });
  server.setRequestHandler("resources/list", () => ({ resources: [] }));
  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: [...resourceTemplates],
  }));
  server.setRequestHandler("resources/read", (request, context) =>
    readResource(request.params.uri, callOf(context, directoryOf)),
  );
  server.setRequestHandler("prompts/list", () => ({ prompts: [...prompts] }));
  server.setRequestHandler("prompts/get", ({ params }) => getPrompt(params.name, params.arguments));
  return server;
}

function isSelected(name: string, { http }: ServerContext): boolean {
  return callerOf(http?.authInfo).tools?.includes(name) ?? true;
}

function notSelected(name: string): DiscoError {
  const tool = JSON.stringify(name.slice(0, 100));
  return new DiscoError("unknown_operation", `This connection did not select a tool ${tool}.`);
}

/** What every call of a request has in common. */
function callOf(context: ServerContext, directoryOf: DirectoryOf): Omit<CallContext, "container"> {
  const caller = callerOf(context.http?.authInfo);
  return {
    face: "mcp",
    principal: caller.principal,
    client: shownClientName(clientNameOf(context), caller.principal),
    containers: directoryOf(caller),
    openUrl: caller.openUrl,
    previews: caller.previews,
    signal: context.mcpReq.signal,
  };
}
