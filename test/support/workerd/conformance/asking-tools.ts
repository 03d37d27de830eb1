import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  type InputRequiredSpec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { say } from "./content.ts";
import type { FixtureTool } from "./fixture-tool.ts";

type Requests = NonNullable<InputRequiredSpec["inputRequests"]>;
type Elicitation = Parameters<typeof inputRequired.elicit>[0]["requestedSchema"];

/**
 * Tools that ask the client back. 2026-07-28 asks by its result; for the revisions before, the SDK sends
 * the same question as a request.
 */
export const askingTools: Readonly<Record<string, FixtureTool>> = {
  test_sampling: {
    description: "Asks the client's model.",
    inputSchema: {
      type: "object",
      properties: { prompt: { type: "string" } },
      required: ["prompt"],
    },
    run(context, { prompt }) {
      const answer = answersOf(context)["sample"];
      if (answer !== undefined) return say(`LLM response: ${textOf(answer)}`);
      return ask({ sample: sampling(String(prompt), 100) });
    },
  },
  test_elicitation: {
    description: "Asks the person.",
    inputSchema: {
      type: "object",
      properties: { message: { type: "string" } },
      required: ["message"],
    },
    run(context, { message }) {
      const answer = answersOf(context)["user"];
      if (answer !== undefined) return say(`User response: ${JSON.stringify(answer)}`);
      const text = (description: string) => ({ type: "string" as const, description });
      const properties = {
        username: text("User's response"),
        email: text("User's email address"),
      };
      return ask({ user: question(String(message), properties, ["username", "email"]) });
    },
  },
  test_elicitation_sep1034_defaults: elicitation("Please confirm the defaults", {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  }),
  test_elicitation_sep1330_enums: elicitation("Please choose", {
    untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
    titledSingle: {
      type: "string",
      oneOf: titled("value", ["First", "Second", "Third"], "Option"),
    },
    legacyEnum: {
      type: "string",
      enum: ["opt1", "opt2", "opt3"],
      enumNames: ["Option One", "Option Two", "Option Three"],
    },
    untitledMulti: {
      type: "array",
      items: { type: "string", enum: ["option1", "option2", "option3"] },
    },
    titledMulti: {
      type: "array",
      items: { anyOf: titled("value", ["First", "Second", "Third"], "Choice") },
    },
  }),
  test_streaming_elicitation: {
    description: "Asks the person on the stream of its answer.",
    run: (context) => greet(context),
  },
  test_input_required_result_elicitation: {
    description: "Asks for a name.",
    run: (context) => greet(context),
  },
  test_input_required_result_sampling: {
    description: "Asks for the capital of France.",
    run(context) {
      const answer = answersOf(context)["capital_question"];
      if (answer !== undefined) return say(`The model says: ${textOf(answer)}`);
      return ask({ capital_question: sampling("What is the capital of France?", 100) });
    },
  },
  test_input_required_result_list_roots: {
    description: "Asks for the client's roots.",
    run(context) {
      const answer = answersOf(context)["client_roots"];
      if (answer !== undefined) return say(`Roots: ${JSON.stringify(answer)}`);
      return ask({ client_roots: inputRequired.listRoots() });
    },
  },
  test_input_required_result_capabilities: {
    description: "Asks only what the client can answer.",
    run(context) {
      const declared = declaredBy(context);
      return ask({
        ...("sampling" in declared && { sample: sampling("Say something", 50) }),
        ...("elicitation" in declared && { name: nameQuestion() }),
      });
    },
  },
};

/** A tool that asks one form and repeats the answer. */
function elicitation(message: string, properties: object): FixtureTool {
  return {
    description: `${message}.`,
    run(context) {
      const answer = answersOf(context)["form"] as
        | { action?: string; content?: unknown }
        | undefined;
      if (answer !== undefined) {
        const content = JSON.stringify(answer.content ?? {});
        return say(`Elicitation completed: action=${answer.action}, content=${content}`);
      }
      return ask({ form: question(message, properties) });
    },
  };
}

function greet(context: ServerContext) {
  const { name } = acceptedContent(answersOf(context), "user_name") ?? {};
  if (typeof name === "string") return say(`Hello, ${name}!`);
  return ask({ user_name: nameQuestion() });
}

export function nameQuestion(message = "What is your name?") {
  return question(message, { name: { type: "string" } }, ["name"]);
}

export function question(message: string, properties: object, required: string[] = []) {
  const requestedSchema = { type: "object", properties, required } as Elicitation;
  return inputRequired.elicit({ message, requestedSchema });
}

export function sampling(text: string, maxTokens: number) {
  return inputRequired.createMessage({
    messages: [{ role: "user", content: { type: "text", text } }],
    maxTokens,
  });
}

export function ask(inputRequests: Requests, requestState?: string) {
  return inputRequired({ inputRequests, ...(requestState !== undefined && { requestState }) });
}

/** What the client says that it can do, in the request itself. */
export function declaredBy({ mcpReq }: ServerContext): object {
  const envelope: Record<string, unknown> = mcpReq.envelope ?? {};
  return Object(envelope[CLIENT_CAPABILITIES_META_KEY]) as object;
}

export function answersOf({ mcpReq }: ServerContext): Record<string, unknown> {
  return mcpReq.inputResponses ?? {};
}

function textOf(answer: unknown): string {
  const { content } = answer as { content?: { text?: string } | { text?: string }[] };
  return [content]
    .flat()
    .map((block) => block?.text ?? "")
    .join("");
}

function titled(prefix: string, ordinals: readonly string[], noun: string) {
  return ordinals.map((ordinal, index) => ({
    const: `${prefix}${index + 1}`,
    title: `${ordinal} ${noun}`,
  }));
}
