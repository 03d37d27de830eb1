/** How one client is connected: steps to read, and a command to copy. */
export interface ClientGuide {
  readonly id: "claude" | "chatgpt" | "curl";
  readonly name: string;
  readonly steps: readonly string[];
  /** For a shell in which DISCO_TOKEN is set; null when there is nothing to copy. */
  readonly command: string | null;
}

/** What a guide must know of the Disco that it leads to. */
export interface GuidedService {
  readonly mcpUrl: string;
  readonly apiUrl: string;
  /** It serves the machine that it runs on, and nobody else. */
  readonly local: boolean;
}

/** Asked first of a fresh client; it uses each kind of operation once. */
export const FIRST_REQUEST =
  "Create hello.txt with three lines about the sea, then count its words with wc.";

/** Commands never hold the token itself: it would stay in the shell's history. */
const HEADER = '--header "Authorization: Bearer $DISCO_TOKEN"';

/** Adds Disco to Claude Code. */
export function claudeCommand(mcpUrl: string): string {
  return `claude mcp add --transport http disco ${mcpUrl} ${HEADER}`;
}

/** Runs a command in the container. */
export function curlCommand(apiUrl: string): string {
  return [
    `curl --json '{"command": "echo hello | tr a-z A-Z"}' \\`,
    `  ${HEADER} \\`,
    `  ${apiUrl}/terminal/current/execute`,
  ].join("\n");
}

/** The guides of every place that tells how to connect, so that all tell the same. */
export function clientGuides({ mcpUrl, apiUrl, local }: GuidedService): readonly ClientGuide[] {
  const token = local
    ? "Set DISCO_TOKEN to the token that npm start printed."
    : "Set DISCO_TOKEN to your token. Sign-in, which will give tokens, is not built yet.";
  return [
    {
      id: "claude",
      name: "Claude",
      steps: [token, "Add Disco to Claude Code:"],
      command: claudeCommand(mcpUrl),
    },
    {
      id: "chatgpt",
      name: "ChatGPT",
      steps: local
        ? [
            "ChatGPT calls from its own servers, so it cannot reach this machine.",
            "It needs a deployment with sign-in, which is not built yet.",
          ]
        : ["ChatGPT needs a deployment with sign-in, which is not built yet."],
      command: null,
    },
    {
      id: "curl",
      name: "curl",
      steps: [token, "Run a command from any shell:"],
      command: curlCommand(apiUrl),
    },
  ];
}
