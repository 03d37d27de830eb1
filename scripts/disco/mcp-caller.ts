import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import {
  type OperationInput,
  type OperationName,
  type OperationOutput,
  registry,
} from "#protocol/registry.ts";
import type * as z from "zod";
import type { Endpoint } from "./borrowed-disco.ts";

/** What a caller may leave out is what the schema has a default for. */
type Arguments<Name extends OperationName> = z.input<(typeof registry)[Name]["input"]>;

/** One finished call, for those who narrate or measure. */
export interface FinishedCall {
  readonly operation: OperationName;
  /** The operation's own sentence about it. */
  readonly summary: string;
  readonly ms: number;
}

/** An MCP client whose tools have the types of the registry. */
export class McpCaller {
  readonly #client: Client;
  readonly #onCall: (call: FinishedCall) => void;

  private constructor(client: Client, onCall: (call: FinishedCall) => void) {
    this.#client = client;
    this.#onCall = onCall;
  }

  static async connect(
    { mcp, token }: Endpoint,
    name: string,
    onCall: (call: FinishedCall) => void = () => {},
  ): Promise<McpCaller> {
    const client = new Client({ name, version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
    const transport = new StreamableHTTPClientTransport(new URL(mcp), {
      requestInit: { headers: { Authorization: `Bearer ${token}` } },
    });
    await client.connect(transport);
    return new McpCaller(client, onCall);
  }

  /** The revision of the protocol that client and server agreed on. */
  get protocolVersion(): string {
    return this.#client.getNegotiatedProtocolVersion() ?? "unknown";
  }

  /** @throws Error with the tool's own message when it answers with an error */
  async call<Name extends OperationName>(
    name: Name,
    given: Arguments<Name>,
  ): Promise<OperationOutput<Name>> {
    const operation = registry[name];
    const started = performance.now();
    const result = await this.#client.callTool({
      name,
      arguments: given,
    });
    const ms = performance.now() - started;
    if (result.isError) throw new Error(`${name}: ${JSON.stringify(result.content)}`);
    const input = operation.input.parse(given) as OperationInput<Name>;
    const summary = (operation.summarize as (input: OperationInput<Name>) => string)(input);
    this.#onCall({ operation: name, summary, ms });
    return operation.output.parse(result.structuredContent) as OperationOutput<Name>;
  }

  async listTools(): Promise<string[]> {
    const { tools } = await this.#client.listTools();
    return tools.map((tool) => tool.name);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
