import type { AnyClient, ClientKind, ToolResult } from "./any-client.ts";
import { RpcSession } from "./rpc-session.ts";

/** Milliseconds after which ChatGPT gives a call up; many other hosts do so too. */
const CHATGPT_CALL_MAX_MS = 60_000;

/** Characters of a result that Claude takes. */
const CLAUDE_RESULT_MAX_CHARS = 150_000;

/**
 * As ChatGPT is documented to call: a session for each call, which it never ends, and a list of tools
 * that it reads once, when the person connects.
 */
const chatGpt: ClientKind = {
  name: "a client like ChatGPT",
  async connect(service, signIn) {
    const credentials = await signIn("ChatGPT");
    const newSession = () =>
      RpcSession.begin(service, credentials, {
        clientInfo: { name: "openai-mcp", version: "1.0.0" },
        protocolVersion: "2025-06-18",
        maxMs: CHATGPT_CALL_MAX_MS,
      });
    const snapshot = await listedBy(await newSession());
    return {
      listTools: () => Promise.resolve(snapshot),
      call: async (name, args) => callBy(await newSession(), name, args),
      close: async () => {},
    };
  },
};

/**
 * As Claude is documented to call: it looks for a stream of notices, reads all lists, and keeps its
 * session. What is longer than it takes fails.
 */
const claude: ClientKind = {
  name: "a client like Claude",
  async connect(service, signIn): Promise<AnyClient> {
    const session = await RpcSession.begin(service, await signIn("Claude"), {
      clientInfo: { name: "claude-ai", version: "0.1.0" },
      protocolVersion: "2025-11-25",
      maxMs: CHATGPT_CALL_MAX_MS,
    });
    await session.lookForNotices();
    for (const list of ["prompts/list", "resources/list", "resources/templates/list"]) {
      await session.request(list);
    }
    return {
      listTools: () => listedBy(session),
      async call(name, args) {
        const result = await callBy(session, name, args);
        const { length } = JSON.stringify(result);
        if (length > CLAUDE_RESULT_MAX_CHARS) throw new Error(`A result of ${length} characters.`);
        return result;
      },
      close: () => session.end(),
    };
  },
};

export const chatClients: readonly ClientKind[] = [chatGpt, claude];

async function listedBy(session: RpcSession): Promise<string[]> {
  const { tools } = (await session.request("tools/list")) as { tools: { name: string }[] };
  return tools.map(({ name }) => name);
}

async function callBy(session: RpcSession, name: string, args: object): Promise<ToolResult> {
  return (await session.request("tools/call", { name, arguments: args })) as ToolResult;
}
