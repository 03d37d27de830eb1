/** One program that runs in real Node and in the container. */
export interface NodeCase {
  readonly name: string;
  /** Arguments behind `node`. */
  readonly args: readonly string[];
  readonly input: string;
  readonly env: Readonly<Record<string, string>>;
  /** Standard error is compared too: it says nothing of the engine's own files. */
  readonly comparesErrors: boolean;
  /** By path below the working directory. */
  readonly files: Readonly<Record<string, string>>;
}

/** What both must agree on. */
export interface Outcome {
  readonly stdout: string;
  /** Only of cases that compare it. */
  readonly stderr?: string;
  readonly code: number | null;
}

/**
 * Reads a file of cases:
 *
 *     === name
 *     $ VARIABLE=value node main.js argument        (default: node main.js)
 *     < a line of standard input
 *     ! stderr                                    (it is compared too)
 *     --- main.js
 *     source
 */
export function readCases(text: string): NodeCase[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => readCase(part));
}

function readCase(text: string): NodeCase {
  const [head = "", ...files] = text.split(/^--- /m);
  const [name = "", ...lines] = head.trimEnd().split("\n");
  const command = lines.find((line) => line.startsWith("$ "))?.slice(2) ?? "node main.js";
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  const program = words.indexOf("node");
  const input = lines.filter((line) => line.startsWith("< ")).map((line) => `${line.slice(2)}\n`);
  return {
    name,
    args: words.slice(program + 1),
    input: input.join(""),
    comparesErrors: lines.includes("! stderr"),
    env: Object.fromEntries(
      words.slice(0, program).map((word): [string, string] => {
        const equals = word.indexOf("=");
        return [word.slice(0, equals), word.slice(equals + 1)];
      }),
    ),
    files: Object.fromEntries(
      files.map((file): [string, string] => {
        const end = file.indexOf("\n");
        return [file.slice(0, end).trim(), file.slice(end + 1)];
      }),
    ),
  };
}

/** Without what is Node's own in a stack, and the number of the process in a warning. */
export function withoutOwnFrames(errors: string): string {
  return errors
    .replace(/^node:\S+\n.*\n *\^+\n\n/m, "")
    .split("\n")
    .filter((line) => !/^ +at .*(?:node:|<anonymous>\)?$)/.test(line))
    .join("\n")
    .replaceAll(/^\(node:\d+\)/gm, "(node:PID)");
}
