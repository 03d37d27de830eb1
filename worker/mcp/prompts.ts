import {
  type GetPromptResult,
  type Prompt,
  type PromptArgument,
  ProtocolError,
  ProtocolErrorCode,
} from "@modelcontextprotocol/server";

/** An argument is a hint, not a document: files hold those. */
const ARGUMENT_MAX_CHARS = 20_000;

type Given = Readonly<Record<string, string>>;

interface Definition {
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** What the person asks of the model, in its own steps. */
  readonly ask: (given: Given) => string;
}

const definitions: Readonly<Record<string, Definition>> = {
  setup_project: {
    title: "Set up a project",
    description: "Gets a project to run in the container, and shows it.",
    arguments: [
      { name: "project", description: "What to set up: an idea, a package, or what is there." },
    ],
    ask: ({
      project = "the project that is in the workspace",
    }) => `Set up in the container: ${project}

1. Call container_status. When its state is waiting_for_tab, give me open_url and call wait_for with id tab.
2. Look at what is there: list_files, then read_file of README and package.json. Keep what exists. A \
repository from elsewhere is brought by git_clone.
3. Write what is missing. Install packages with run_command (npm install), and read what it says.
4. Start the server with run_command and background true, wait for its port with read_output, and check it \
with curl.
5. Tell me the URL of the preview (container_status has it), how to start it again, and what you changed.`,
  },
  debug_failure: {
    title: "Debug a failure",
    description: "Finds out why a command fails, and repairs the cause.",
    arguments: [
      { name: "command", description: "The command that fails, as npm test.", required: true },
      { name: "output", description: "What it said, if you have it." },
    ],
    ask: ({ command, output }) => `This command fails in the container: ${command}
${output === undefined ? "" : `\nIt said:\n\n${output}\n`}
1. Run it with run_command and read its exit code and both ends of its output; read_output has the middle.
2. Look at the places that it names: read_file around the lines, search_text for what they call. \
container_status tells what was changed lately, and by whom.
3. Say what the cause is, and what shows it, before you change anything.
4. Repair the cause and not the symptom, with edit_file; no test is skipped or weakened.
5. Run the command again, and what else may depend on the change. Tell me the cause, the change and the result.`,
  },
  review_changes: {
    title: "Review changes",
    description: "Reads what was changed, and says what is wrong with it. Changes nothing.",
    arguments: [
      { name: "focus", description: "What to look at above all, as security or a path." },
    ],
    ask: ({
      focus,
    }) => `Review the changes in the workspace${focus === undefined ? "" : `, above all: ${focus}`}. \
Change nothing.

1. Call container_status: \`recent\` tells what was changed lately, and by whom.
2. When the workspace is a git repository, call git_status with diff and log; else read the files that \
\`recent\` names.
3. Read around each change with read_file, and with search_text what uses it: does it do what it means to, at \
its edges too, and is it tested?
4. Run the tests and the type check, if there are any.
5. Tell me what is wrong, the worst first, each with path, line, what happens, and what to do; then what you \
could not check.`,
  },
};

/** The prompts as clients list them (MCP 2025-11-25, server/prompts). */
export const prompts: readonly Prompt[] = Object.entries(definitions).map(
  ([name, { title, description, arguments: taken }]) => ({
    name,
    title,
    description,
    arguments: [...taken],
  }),
);

/**
 * The message that a prompt stands for.
 *
 * @throws ProtocolError when there is no such prompt, or its arguments are wrong
 */
export function getPrompt(name: string, given: Given = {}): GetPromptResult {
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (definition === undefined) {
    const names = Object.keys(definitions).join(", ");
    throw invalidParams(
      `There is no prompt ${JSON.stringify(name.slice(0, 100))}. Next: use ${names}.`,
    );
  }
  const { arguments: taken, description, ask } = definition;
  for (const { name: argument, required } of taken) {
    const value = Object.hasOwn(given, argument) ? given[argument] : undefined;
    if (required && !value) throw invalidParams(`${name} wants the argument ${argument}.`);
    if ((value ?? "").length > ARGUMENT_MAX_CHARS) {
      throw invalidParams(`${argument} wants at most ${ARGUMENT_MAX_CHARS} characters.`);
    }
  }
  // An argument that was left empty in a form was not given.
  const filled = Object.entries(given).filter(([, value]) => value.trim() !== "");
  const text = ask(Object.fromEntries(filled));
  return { description, messages: [{ role: "user", content: { type: "text", text } }] };
}

function invalidParams(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
