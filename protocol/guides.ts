/** How one client is connected: steps to read, and a text to copy. */
export interface ClientGuide {
  readonly id: "claude" | "chatgpt" | "cursor" | "curl";
  readonly name: string;
  readonly steps: readonly string[];
  /**
   * A command for a shell in which DISCO_TOKEN is set, the text of a file, or a URL; null when there is
   * nothing to copy.
   */
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

/** Adds Disco to Claude Code, with the token of this machine. */
export function claudeCommand(mcpUrl: string): string {
  return `${signInCommand(mcpUrl)} ${HEADER}`;
}

/** Adds it without a token: Claude Code then asks for one by OAuth. */
function signInCommand(mcpUrl: string): string {
  return `claude mcp add --transport http disco ${mcpUrl}`;
}

/** Runs a command in the container. */
export function curlCommand(apiUrl: string): string {
  return [
    `curl --json '{"command": "echo hello | tr a-z A-Z"}' \\`,
    `  ${HEADER} \\`,
    `  ${apiUrl}/terminal/current/execute`,
  ].join("\n");
}

/** What Cursor reads of its servers; it takes the token of this machine out of its environment. */
function cursorFile({ mcpUrl, local }: GuidedService): string {
  const headers = { headers: { Authorization: "Bearer ${env:DISCO_TOKEN}" } };
  const disco = { url: mcpUrl, ...(local && headers) };
  return JSON.stringify({ mcpServers: { disco } }, null, 2);
}

/** The guides of every place that tells how to connect, so that all tell the same. */
export function clientGuides(service: GuidedService): readonly ClientGuide[] {
  const { mcpUrl, apiUrl, local } = service;
  return [
    {
      id: "claude",
      name: "Claude",
      steps: local
        ? [MACHINE_TOKEN, "Add Disco to Claude Code:"]
        : ["Add Disco to Claude Code, or the URL in it as a connector of Claude:", ALLOW],
      command: local ? claudeCommand(mcpUrl) : signInCommand(mcpUrl),
    },
    {
      id: "chatgpt",
      name: "ChatGPT",
      steps: local
        ? [
            "ChatGPT calls from its own servers, so it cannot reach this machine.",
            "It needs a deployment.",
          ]
        : [
            "Turn on developer mode in ChatGPT's settings, and make a connector with this URL and OAuth:",
            ALLOW,
          ],
      command: local ? null : mcpUrl,
    },
    {
      id: "cursor",
      name: "Cursor",
      steps: local
        ? [`${MACHINE_TOKEN} Start Cursor from that shell.`, CURSOR_FILE]
        : [CURSOR_FILE, ALLOW],
      command: cursorFile(service),
    },
    {
      id: "curl",
      name: "curl",
      steps: [local ? MACHINE_TOKEN : KEY_TOKEN, "Run a command from any shell:"],
      command: curlCommand(apiUrl),
    },
  ];
}

const MACHINE_TOKEN = "Set DISCO_TOKEN to the token that npm start printed.";
const KEY_TOKEN =
  "Set DISCO_TOKEN to an access token: POST /api/v1/auth/login gives one for an API key.";
const CURSOR_FILE = "Put this into .cursor/mcp.json of the project, or of your home:";
const ALLOW = "Say yes on the page of Disco that opens; it asks on which container.";
