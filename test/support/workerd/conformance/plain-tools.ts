import { pause } from "#worker/pause.ts";
import {
  MissingRequiredClientCapabilityError,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { declaredBy } from "./asking-tools.ts";
import { audioBlock, imageBlock, resourceBlock, result, say, textBlock } from "./content.ts";
import type { FixtureTool } from "./fixture-tool.ts";

/** Milliseconds between two notices, as the suites ask for them. */
const STEP_MS = 50;

/** By which a request asks for logs (2026-07-28, which deprecates them). */
const LOG_LEVEL_KEY = "io.modelcontextprotocol/logLevel";

/** Tools that answer without asking anything back. */
export const plainTools: Readonly<Record<string, FixtureTool>> = {
  test_simple_text: {
    description: "Answers text.",
    run: () => say("This is a simple text response for testing."),
  },
  test_image_content: { description: "Answers an image.", run: () => result(imageBlock) },
  test_audio_content: { description: "Answers sound.", run: () => result(audioBlock) },
  test_embedded_resource: {
    description: "Answers a resource.",
    run: () =>
      result(
        resourceBlock(
          "test://embedded-resource",
          "text/plain",
          "This is an embedded resource content.",
        ),
      ),
  },
  test_multiple_content_types: {
    description: "Answers text, an image and a resource.",
    run: () =>
      result(
        textBlock("Multiple content types test:"),
        imageBlock,
        resourceBlock(
          "test://mixed-content-resource",
          "application/json",
          JSON.stringify({ test: "data", value: 123 }),
        ),
      ),
  },
  test_error_handling: {
    description: "Fails.",
    run: () => ({ isError: true, ...say("This tool intentionally returns an error for testing") }),
  },
  test_tool_with_logging: { description: "Logs three times.", run: logThrice },
  test_logging_tool: { description: "Logs, when the request asks for it.", run: logThrice },
  test_tool_with_progress: { description: "Tells how it goes on.", run: tellProgress },
  test_reconnection: {
    description: "Closes its stream before it answers.",
    async run({ http, mcpReq }) {
      http?.closeSSE?.();
      await pause(2 * STEP_MS, mcpReq.signal);
      return say("Reconnection test completed");
    },
  },
  test_missing_capability: {
    description: "Needs sampling.",
    run(context) {
      if ("sampling" in declaredBy(context)) return say("sampling is declared");
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    },
  },
  test_trigger_tool_change: {
    description: "Changes the list of tools.",
    run(_context, _args, { changes }) {
      changes.publish({ kind: "tools_list_changed" });
      return say("changed");
    },
  },
  test_trigger_prompt_change: {
    description: "Changes the list of prompts.",
    run(_context, _args, { changes }) {
      changes.publish({ kind: "prompts_list_changed" });
      return say("changed");
    },
  },
  json_schema_2020_12_tool: {
    description: "Tool with JSON Schema 2020-12 features",
    inputSchema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      $defs: {
        address: {
          $anchor: "addressDef",
          type: "object",
          properties: { street: { type: "string" }, city: { type: "string" } },
        },
      },
      properties: {
        name: { type: "string" },
        address: { $ref: "#/$defs/address" },
        contactMethod: { type: "string", enum: ["phone", "email"] },
        phone: { type: "string" },
        email: { type: "string" },
      },
      allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
      if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { required: ["phone"] },
      else: { required: ["email"] },
      additionalProperties: false,
    },
    run: () => say("fits"),
  },
};

/** Before 2026-07-28 a client hears logs unless it sets a level; since then only when it asks. */
async function logThrice({ mcpReq }: ServerContext) {
  const isAsked = mcpReq.envelope === undefined || LOG_LEVEL_KEY in mcpReq.envelope;
  for (const data of [
    "Tool execution started",
    "Tool processing data",
    "Tool execution completed",
  ]) {
    const params = { level: "info", data };
    if (isAsked) await mcpReq.notify({ method: "notifications/message", params });
    await pause(STEP_MS, mcpReq.signal);
  }
  return say("Logged.");
}

async function tellProgress({ mcpReq }: ServerContext) {
  const { _meta: meta } = mcpReq;
  const progressToken = meta?.progressToken;
  for (const progress of [0, 50, 100]) {
    const params = { progressToken, progress, total: 100 };
    if (progressToken !== undefined) {
      await mcpReq.notify({ method: "notifications/progress", params });
    }
    await pause(STEP_MS, mcpReq.signal);
  }
  return say("Done.");
}
