import { inputRequired } from "@modelcontextprotocol/server";
import { answersOf, ask, nameQuestion, question, sampling } from "./asking-tools.ts";
import { say } from "./content.ts";
import type { FixtureTool } from "./fixture-tool.ts";

const confirm = () => question("Please confirm", { ok: { type: "boolean" } }, ["ok"]);

/** Tools whose rounds are held together by a state that the client keeps, signed. */
export const roundsTools: Readonly<Record<string, FixtureTool>> = {
  test_input_required_result_request_state: confirmed("confirm"),
  test_input_required_result_tampered_state: confirmed("confirm"),
  test_input_required_result_multiple_inputs: {
    description: "Asks three things at once.",
    async run(context, _args, { state }) {
      const { user_name, greeting, client_roots } = answersOf(context);
      const isComplete = [user_name, greeting, client_roots].every((one) => one !== undefined);
      if (isComplete && context.mcpReq.requestState() === "asked") return say("All answered.");
      return ask(
        {
          user_name: nameQuestion(),
          greeting: sampling("Generate a greeting", 50),
          client_roots: inputRequired.listRoots(),
        },
        await state.mint("asked"),
      );
    },
  },
  test_input_required_result_multi_round: {
    description: "Asks twice.",
    async run(context, _args, { state }) {
      const round = context.mcpReq.requestState();
      const { step1, step2 } = answersOf(context);
      if (round === "two" && step2 !== undefined) return say("Both answered.");
      if (round === "one" && step1 !== undefined) {
        const color = { color: { type: "string" } };
        const step = question("Step 2: What is your favorite color?", color, ["color"]);
        return ask({ step2: step }, await state.mint("two"));
      }
      const step = nameQuestion("Step 1: What is your name?");
      return ask({ step1: step }, await state.mint("one"));
    },
  },
};

function confirmed(key: string): FixtureTool {
  return {
    description: "Asks for a yes, and knows its own state again.",
    async run(context, _args, { state }) {
      const isAnswered = answersOf(context)[key] !== undefined;
      if (isAnswered && context.mcpReq.requestState() === "asked") return say("state-ok");
      return ask({ [key]: confirm() }, await state.mint("asked"));
    },
  };
}
