import type { NodeMachine } from "../create-context.ts";
import { evaluateScript } from "../esm/module-code.ts";
import { prepareScript } from "../modules/source-code.ts";
import { NODE_VERSION } from "../process/versions.ts";

interface LineReader {
  on(event: "line", listener: (line: string) => void): void;
  on(event: "close" | "SIGINT", listener: () => void): void;
  setPrompt(prompt: string): void;
  prompt(): void;
  close(): void;
}

interface Readline {
  createInterface(options: object): LineReader;
}

interface Util {
  readonly inspect: (value: unknown, options?: object) => string;
}

/** A small prompt: statements over several lines, `_`, `.exit`. */
export async function runRepl(machine: NodeMachine): Promise<void> {
  const { context, loader } = machine;
  const { process, global } = context;
  const { inspect } = context.builtin<Util>("util");
  const lines = context.builtin<Readline>("readline").createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: true,
  });
  Object.assign(global, { require: loader.requireFrom(`${process.cwd()}/<repl>`) });
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const ended = Promise.withResolvers<void>();
  let pending = "";
  say(`Welcome to Node.js ${NODE_VERSION}.\nType ".exit" or press Ctrl+D to leave.`);
  const ask = (): void => {
    lines.setPrompt(pending === "" ? "> " : "| ");
    lines.prompt();
  };
  const run = async (source: string): Promise<void> => {
    try {
      const value = evaluateScript(`${prepareScript(asExpression(source))}\n//# sourceURL=REPL`);
      const settled: unknown = source.trimStart().startsWith("await ") ? await value : value;
      Object.assign(global, { _: settled });
      say(inspect(settled, { colors: true }));
      pending = "";
    } catch (error) {
      if (error instanceof SyntaxError && isUnfinished(error)) {
        pending = source;
        return;
      }
      pending = "";
      say(`Uncaught ${inspect(error)}`);
    }
  };
  lines.on("line", (line) => {
    if (pending === "" && line.trim() === ".exit") {
      lines.close();
      return;
    }
    const source = pending === "" ? line : `${pending}\n${line}`;
    void (source.trim() === "" ? Promise.resolve() : run(source)).then(ask);
  });
  lines.on("SIGINT", () => {
    pending = "";
    say("");
    ask();
  });
  lines.on("close", () => ended.resolve());
  ask();
  await ended.promise;
}

/** `{ a: 1 }` is an object here, and an await is waited for. */
function asExpression(source: string): string {
  const text = source.trim();
  if (text.startsWith("{") && text.endsWith("}")) return `(${text})`;
  return text.startsWith("await ") ? `(async () => (${text.replace(/;$/, "")}))()` : source;
}

function isUnfinished({ message }: SyntaxError): boolean {
  return /end of input|Unterminated template|missing \) after/.test(message);
}
