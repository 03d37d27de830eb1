import type { McpCaller } from "#worker/mcp/caller.ts";
import { testPrincipal } from "./principal.ts";

/** What the worker says of a client of this name, whose container is `c1`. */
export function callerNamed(user: string, client: string): McpCaller {
  return {
    principal: testPrincipal({ user, client: { id: client, name: client } }),
    container: { id: "c1", name: "default" },
    app: "https://disco.example",
    openUrl: "https://disco.example/sandbox",
    previews: "https://p{port}.disco.example",
    tools: null,
  };
}
