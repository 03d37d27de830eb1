import {
  acceptedContent,
  type GetPromptResult,
  type InputRequiredResult,
  type PromptMessage,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { answersOf, ask, question } from "./asking-tools.ts";
import { imageBlock, resourceBlock, textBlock } from "./content.ts";

const argument = (name: string, description: string) => ({ name, description, required: true });

export const fixturePrompts = [
  { name: "test_simple_prompt", description: "A prompt without arguments." },
  {
    name: "test_prompt_with_arguments",
    description: "A prompt with two arguments.",
    arguments: [argument("arg1", "First test argument"), argument("arg2", "Second test argument")],
  },
  {
    name: "test_prompt_with_embedded_resource",
    description: "A prompt with a resource in it.",
    arguments: [argument("resourceUri", "URI of the resource to embed")],
  },
  { name: "test_prompt_with_image", description: "A prompt with an image in it." },
  { name: "test_input_required_result_prompt", description: "A prompt that asks for its context." },
];

/** @throws ProtocolError */
export function getFixturePrompt(
  name: string,
  args: Readonly<Record<string, string>>,
  context: ServerContext,
): GetPromptResult | InputRequiredResult {
  switch (name) {
    case "test_simple_prompt":
      return user(textBlock("This is a simple prompt for testing."));
    case "test_prompt_with_arguments": {
      const { arg1, arg2 } = args;
      return user(textBlock(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`));
    }
    case "test_prompt_with_embedded_resource": {
      const text = "Embedded resource content for testing.";
      return user(
        resourceBlock(args["resourceUri"] ?? "", "text/plain", text),
        textBlock("Please process the embedded resource above."),
      );
    }
    case "test_prompt_with_image":
      return user(imageBlock, textBlock("Please analyze the image above."));
    case "test_input_required_result_prompt": {
      const answer = acceptedContent(answersOf(context), "user_context");
      if (answer !== undefined) return user(textBlock(`Context: ${JSON.stringify(answer)}`));
      const properties = { context: { type: "string" } };
      const asked = question("What context should the prompt use?", properties, ["context"]);
      return ask({ user_context: asked });
    }
    default:
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt ${name}.`);
  }
}

function user(...content: PromptMessage["content"][]): GetPromptResult {
  return { messages: content.map((one) => ({ role: "user", content: one })) };
}
