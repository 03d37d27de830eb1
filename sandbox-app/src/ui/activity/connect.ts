import type { AppConfig, Identity } from "../../tab/page-api.ts";

/** How one client is connected: steps to read, and a text to copy. */
export interface Guide {
  readonly id: "chatgpt" | "claude" | "curl";
  readonly name: string;
  readonly steps: readonly string[];
  /** Null when the MCP URL alone is what is copied. */
  readonly command: string | null;
}

/** Asked first of a fresh client; it uses each kind of operation once. */
export const FIRST_REQUEST =
  "Create hello.txt with three lines about the sea, then count its words with wc.";

/** Tells what the person must do; a local worker is honest about who can reach it. */
export function guides(config: AppConfig, container: Identity["container"]): readonly Guide[] {
  const reach =
    "ChatGPT calls from its own servers. This address is local, so it needs a deployed Disco.";
  const tokenFrom = "Set DISCO_TOKEN to the token that npm start printed.";
  return [
    {
      id: "claude",
      name: "Claude",
      steps: config.local
        ? [tokenFrom, "Add Disco to Claude Code on this machine:"]
        : ["Settings → Connectors → Add custom connector", "Paste the MCP URL and sign in."],
      command: config.local
        ? `claude mcp add --transport http disco ${config.mcp_url} --header "Authorization: Bearer $DISCO_TOKEN"`
        : null,
    },
    {
      id: "chatgpt",
      name: "ChatGPT",
      steps: config.local
        ? [reach]
        : ["Settings → Connectors → Create, in developer mode", "Paste the MCP URL and sign in."],
      command: null,
    },
    {
      id: "curl",
      name: "curl",
      steps: config.local
        ? [tokenFrom, "Run a command from any shell:"]
        : ["Run a command from any shell:"],
      command: [
        `curl ${config.api_url}/terminal/${container.id}/execute \\`,
        `  -H "Authorization: Bearer $DISCO_TOKEN" -H "Content-Type: application/json" \\`,
        `  -d '{"command":"echo hello > hello.txt && ls -l"}'`,
      ].join("\n"),
    },
  ];
}
