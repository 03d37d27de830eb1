import {
  createRequestStateCodec,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerEventBus,
} from "@modelcontextprotocol/server";
import { askingTools } from "./asking-tools.ts";
import { fixturePrompts, getFixturePrompt } from "./fixture-prompts.ts";
import { fixtureResources, fixtureTemplates, readFixture } from "./fixture-resources.ts";
import { plainTools } from "./plain-tools.ts";
import { roundsTools } from "./rounds-tools.ts";

const tools = new Map(Object.entries({ ...plainTools, ...askingTools, ...roundsTools }));

const noArguments = { type: "object" } as const;

/** Any key will do: only this server reads what it signs. */
const state = createRequestStateCodec<string>({
  key: "a key of more than thirty-two bytes, for tests",
});

/** The server that the conformance suites expect behind the endpoint. */
export function createFixtureServer(changes: ServerEventBus): Server {
  const server = new Server(
    { name: "conformance fixtures", version: "1.0.0" },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        prompts: { listChanged: true },
        completions: {},
        logging: {},
      },
      requestState: { verify: (given, context) => state.verify(given, context) },
    },
  );
  server.setRequestHandler("tools/list", () => ({
    tools: [...tools].map(([name, { description, inputSchema = noArguments }]) => ({
      name,
      description,
      inputSchema,
    })),
  }));
  server.setRequestHandler("tools/call", ({ params }, context) => {
    const tool = tools.get(params.name);
    if (tool === undefined) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${params.name}.`);
    }
    return tool.run(context, params.arguments ?? {}, { changes, state });
  });
  server.setRequestHandler("resources/list", () => ({ resources: fixtureResources }));
  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: fixtureTemplates,
  }));
  server.setRequestHandler("resources/read", ({ params }) => readFixture(params.uri));
  server.setRequestHandler("resources/subscribe", () => ({}));
  server.setRequestHandler("resources/unsubscribe", () => ({}));
  server.setRequestHandler("prompts/list", () => ({ prompts: fixturePrompts }));
  server.setRequestHandler("prompts/get", ({ params }, context) =>
    getFixturePrompt(params.name, params.arguments ?? {}, context),
  );
  server.setRequestHandler("completion/complete", () => ({
    completion: { values: ["paris", "park", "party"], total: 3, hasMore: false },
  }));
  return server;
}
