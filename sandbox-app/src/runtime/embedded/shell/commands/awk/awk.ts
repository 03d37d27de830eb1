import { open } from "../../redirect/redirect.ts";
import { ShellError } from "../../run/outcome.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { openInput } from "../input-files.ts";
import { decodeText } from "../text/encoding.ts";
import { PatternError } from "../text/posix-pattern.ts";
import { Jump, AwkMachine } from "./machine.ts";
import { parseProgram } from "./parse.ts";
import { RecordReader } from "./streams.ts";
import { AwkError, unescaped } from "./tokens.ts";
import { Input, numberOf } from "./values.ts";

const FAILED = 2;

/** `awk` (POSIX), with what gawk and mawk share beyond it. */
export const awk: Command = async (call) => {
  const { given, order, operands, unknown } = gnuOptions(call.args, {
    letters: "F:v:f:W:",
    long: { "field-separator": "F", assign: "v", file: "f", version: "version", posix: "posix" },
    stopsAtOperand: true,
  });
  if (unknown !== null) return complain(call, unknown, FAILED);
  const rest = [...operands];
  try {
    const texts = await Promise.all(
      order.filter(([key]) => key === "f").map(([, file]) => sourceOf(call, file)),
    );
    if (texts.length === 0) {
      const program = rest.shift();
      if (program === undefined)
        return await complain(
          call,
          "usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]",
          FAILED,
        );
      texts.push(program);
    }
    const machine = new AwkMachine(call.shell, parseProgram(texts.join("\n")));
    const separator = given.get("F");
    if (separator !== undefined)
      machine.state.set("FS", separator === "t" ? "\t" : unescaped(separator));
    for (const [key, value] of order) if (key === "v") machine.state.assignOperand(value);
    setUp(machine, call, rest);
    return await run(machine, call, rest);
  } catch (error) {
    if (error instanceof AwkError || error instanceof PatternError || error instanceof ShellError)
      return complain(call, error.message, FAILED);
    throw error;
  }
};

async function sourceOf({ shell }: CommandCall, file: string): Promise<string> {
  const handle = open(shell, file === "-" ? "/dev/stdin" : file, "<").hold();
  return decodeText(await handle.readAll().finally(() => handle.release()));
}

function setUp({ state }: AwkMachine, { shell }: CommandCall, operands: readonly string[]): void {
  const environment = state.array("ENVIRON");
  for (const [name, value] of Object.entries(shell.variables.environment()))
    environment.set(name, new Input(value));
  const args = state.array("ARGV");
  for (const [index, arg] of ["awk", ...operands].entries())
    args.set(String(index), new Input(arg));
  state.set("ARGC", operands.length + 1);
}

async function run(
  machine: AwkMachine,
  call: CommandCall,
  operands: readonly string[],
): Promise<number> {
  const input = new MainInput(machine, call, operands);
  machine.nextRecord = () => input.next();
  try {
    const hasExited = await untilExit(async () => {
      await machine.runOnce("begin");
      if (machine.readsInput) await eachRecord(machine, input);
    });
    // `exit` in BEGIN or a rule still runs END, and there it ends everything.
    if (machine.readsInput || hasExited) await untilExit(() => machine.runOnce("end"));
    return machine.status || input.status;
  } finally {
    input.close();
    await machine.streams.closeAll();
  }
}

async function untilExit(body: () => Promise<void>): Promise<boolean> {
  try {
    await body();
    return false;
  } catch (error) {
    if (error instanceof Jump && error.kind === "exit") return true;
    throw error;
  }
}

async function eachRecord(machine: AwkMachine, input: MainInput): Promise<void> {
  for (;;) {
    const next = input.next();
    const record = next instanceof Promise ? await next : next;
    if (record === null) return;
    machine.state.record = record;
    try {
      const done = machine.runRecord();
      if (done instanceof Promise) await done;
    } catch (error) {
      if (!(error instanceof Jump) || error.kind === "exit") throw error;
      if (error.kind === "nextfile") input.skipFile();
    }
  }
}

/** The records of all operands; assignments among them take effect on the way. */
class MainInput {
  status = 0;
  readonly #machine: AwkMachine;
  readonly #call: CommandCall;
  #place = 1;
  #reader: RecordReader | null = null;
  #hasRead = false;
  readonly #count: number;

  constructor(machine: AwkMachine, call: CommandCall, operands: readonly string[]) {
    this.#machine = machine;
    this.#call = call;
    this.#count = operands.length;
  }

  next(): string | null | Promise<string | null> {
    const { state } = this.#machine;
    if (this.#reader === null) return this.#advance();
    const record = this.#reader.next(state.text("RS"));
    if (typeof record === "string") return this.#counted(record);
    if (record === null) return this.#advance();
    // Nothing that was printed waits with the input.
    return this.#machine.streams.flush().then(async () => {
      const known = await record;
      return known === null ? this.#advance() : this.#counted(known);
    });
  }

  skipFile(): void {
    this.#reader?.close();
    this.#reader = null;
  }

  close(): void {
    this.#reader?.close();
  }

  #counted(record: string): string {
    const { state } = this.#machine;
    state.globals.set("NR", numberOf(state.get("NR")) + 1);
    state.globals.set("FNR", numberOf(state.get("FNR")) + 1);
    return record;
  }

  async #advance(): Promise<string | null> {
    const { state } = this.#machine;
    for (;;) {
      const file = this.#nextFile();
      if (file === null) return null;
      const handle = await openInput(this.#call, file);
      if (handle === null) {
        this.status = FAILED;
        continue;
      }
      this.#reader = new RecordReader(this.#call.shell, handle);
      state.globals.set("FILENAME", file === "-" && this.#count === 0 ? "" : file);
      state.globals.set("FNR", 0);
      return this.next();
    }
  }

  /** Null when there is none left; standard input when none was named. */
  #nextFile(): string | null {
    const { state } = this.#machine;
    const args = state.array("ARGV");
    const count = numberOf(state.get("ARGC"));
    while (this.#place < count) {
      const value = args.get(String(this.#place++));
      const text = value instanceof Input ? value.text : typeof value === "string" ? value : "";
      if (text === "" || state.assignOperand(text)) continue;
      this.#hasRead = true;
      return text;
    }
    if (this.#hasRead) return null;
    this.#hasRead = true;
    return "-";
  }
}
