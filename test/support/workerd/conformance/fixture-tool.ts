import type {
  CallToolResult,
  InputRequiredResult,
  RequestStateCodec,
  ServerContext,
  ServerEventBus,
} from "@modelcontextprotocol/server";

/** What a fixture works with, besides the request. */
export interface FixtureSetting {
  readonly changes: ServerEventBus;
  readonly state: RequestStateCodec<string>;
}

/** A tool that the conformance suites call, as they describe it. */
export interface FixtureTool {
  readonly description: string;
  readonly inputSchema?: { readonly type: "object" } & Record<string, unknown>;
  run(
    context: ServerContext,
    args: Readonly<Record<string, unknown>>,
    setting: FixtureSetting,
  ): CallToolResult | InputRequiredResult | Promise<CallToolResult | InputRequiredResult>;
}
