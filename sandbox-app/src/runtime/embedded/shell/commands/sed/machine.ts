import type { Handle } from "../../redirect/descriptors.ts";
import { open } from "../../redirect/redirect.ts";
import type { Shell } from "../../state/shell.ts";
import { decodeText, encodeText } from "../text/encoding.ts";
import type { Output } from "../text/lines.ts";
import type { SedInput } from "./input.ts";
import { isAddressed } from "./ranges.ts";
import { type Address, type SedCommand, ScriptError } from "./script.ts";
import { visible } from "./visible.ts";
import { substitute } from "./substitute.ts";

/** Where a cycle goes on after a command. */
type Next = "command" | "cycle" | "restart" | "quit" | number;

const MISSING_LABEL = "can't find label for jump to";

/** Runs a script over its input: pattern space, hold space, cycles (sed(1)). */
export class SedMachine {
  readonly #shell: Shell;
  readonly #commands: readonly SedCommand[];
  readonly #input: SedInput;
  readonly #output: Output;
  readonly #isQuiet: boolean;
  readonly #end: string;
  readonly #files: Map<string, Handle>;
  #pattern = "";
  #hold = "";
  #hasEnd = true;
  #line = 0;
  #lastPattern: RegExp | null = null;
  #hasSubstituted = false;
  readonly #appended: (() => Promise<string>)[] = [];
  status = 0;

  constructor(
    shell: Shell,
    commands: readonly SedCommand[],
    input: SedInput,
    output: Output,
    options: { isQuiet: boolean; end: string; files: Map<string, Handle>; line: number },
  ) {
    this.#shell = shell;
    this.#commands = commands;
    this.#input = input;
    this.#output = output;
    this.#isQuiet = options.isQuiet;
    this.#end = options.end;
    this.#files = options.files;
    this.#line = options.line;
  }

  get line(): number {
    return this.#line;
  }

  /** @returns false when `q` ended it */
  async run(): Promise<boolean> {
    let isKept = false;
    for (;;) {
      if (!isKept && !(await this.#read())) return true;
      isKept = false;
      const next = await this.#cycle();
      if (next === "restart") isKept = true;
      if (next === "quit") return false;
    }
  }

  async #read(): Promise<boolean> {
    const line = await this.#input.next();
    if (line === null) return false;
    this.#pattern = line.text;
    this.#hasEnd = line.hasEnd;
    this.#line++;
    this.#hasSubstituted = false;
    return true;
  }

  async #cycle(): Promise<Next> {
    let at = 0;
    let next: Next = "cycle";
    while (at < this.#commands.length) {
      const command = this.#commands[at];
      if (command === undefined) break;
      if (!(await this.#isSelected(command))) {
        at = command.name === "{" ? command.end + 1 : at + 1;
        continue;
      }
      const went = await this.#perform(command);
      if (typeof went === "number") at = went;
      else if (went === "command") at++;
      else {
        next = went;
        break;
      }
      await this.#shell.process.pace(this.#shell.signal);
    }
    const isDone = at >= this.#commands.length || next === "quit";
    if (isDone && !this.#isQuiet && this.#quits !== "silently") await this.#print(this.#pattern);
    await this.#flushAppended();
    return next;
  }

  #quits: "aloud" | "silently" = "aloud";

  async #print(text: string): Promise<void> {
    // The last line keeps the missing line feed of its input.
    await this.#output.add(text + (this.#hasEnd ? this.#end : ""));
  }

  async #flushAppended(): Promise<void> {
    for (const text of this.#appended.splice(0)) {
      const found = await text();
      if (!this.#hasEnd && found !== "") {
        await this.#output.add(this.#end);
        this.#hasEnd = true;
      }
      await this.#output.add(found);
    }
  }

  async #isSelected(command: SedCommand): Promise<boolean> {
    const matches = (address: Address): Promise<boolean> => this.#matches(address);
    return (await isAddressed(command, this.#line, matches)) !== command.isNegated;
  }

  async #matches(address: Address): Promise<boolean> {
    switch (address.kind) {
      case "line":
        return this.#line === address.line;
      case "step":
        return address.step === 0
          ? this.#line === address.first
          : this.#line >= address.first && (this.#line - address.first) % address.step === 0;
      case "last":
        return this.#input.isAtEnd();
      case "pattern": {
        const pattern = this.#used(address.pattern);
        pattern.lastIndex = 0;
        return pattern.test(this.#pattern);
      }
    }
  }

  #used(pattern: RegExp | null): RegExp {
    const used = pattern ?? this.#lastPattern;
    if (used === null) throw new ScriptError("no previous regular expression");
    this.#lastPattern = used;
    return used;
  }

  async #perform(command: SedCommand): Promise<Next> {
    switch (command.name) {
      case "s":
        return this.#substitute(command);
      case "y":
        this.#pattern = Array.from(this.#pattern, (char) => command.map?.get(char) ?? char).join(
          "",
        );
        return "command";
      case "b":
      case "t":
      case "T":
        return this.#branch(command);
      case "d":
        return "cycle";
      case "D": {
        const at = this.#pattern.indexOf("\n");
        if (at === -1) return "cycle";
        this.#pattern = this.#pattern.slice(at + 1);
        return "restart";
      }
      case "n":
      case "N":
        return this.#nextLine(command.name);
      case "q":
      case "Q":
        this.status = Number(command.text === "" ? 0 : command.text);
        this.#quits = command.name === "Q" ? "silently" : "aloud";
        return "quit";
      case "g":
        this.#pattern = this.#hold;
        return "command";
      case "G":
        this.#pattern += `\n${this.#hold}`;
        return "command";
      case "h":
        this.#hold = this.#pattern;
        return "command";
      case "H":
        this.#hold += `\n${this.#pattern}`;
        return "command";
      case "x":
        [this.#pattern, this.#hold] = [this.#hold, this.#pattern];
        return "command";
      case "z":
        this.#pattern = "";
        return "command";
      default:
        return this.#write(command);
    }
  }

  /** The commands that write something. */
  async #write(command: SedCommand): Promise<Next> {
    const { name, text } = command;
    switch (name) {
      case "p":
        await this.#output.add(this.#pattern + this.#end);
        break;
      case "P":
        await this.#output.add((this.#pattern.split("\n")[0] ?? "") + this.#end);
        break;
      case "=":
        await this.#output.add(`${this.#line}\n`);
        break;
      case "l":
        await this.#output.add(`${visible(this.#pattern)}$\n`);
        break;
      case "i":
        await this.#output.add(`${text}\n`);
        break;
      case "a":
        this.#appended.push(() => Promise.resolve(`${text}\n`));
        break;
      case "c":
        if (!command.isInRange || command.isNegated) await this.#output.add(`${text}\n`);
        return "cycle";
      case "r":
        this.#appended.push(() => this.#contentOf(text));
        break;
      case "w":
        await this.#writeTo(text, this.#pattern + this.#end);
        break;
      default:
        break;
    }
    return "command";
  }

  async #substitute({ substitution }: SedCommand): Promise<Next> {
    if (substitution === null) return "command";
    const pattern = this.#used(substitution.pattern);
    const { text, count } = substitute(this.#pattern, pattern, substitution);
    if (count === 0) return "command";
    this.#pattern = text;
    this.#hasSubstituted = true;
    if (substitution.prints) await this.#output.add(this.#pattern + this.#end);
    if (substitution.file !== null)
      await this.#writeTo(substitution.file, this.#pattern + this.#end);
    return "command";
  }

  #branch({ name, text }: SedCommand): Next {
    const goes = name === "b" || this.#hasSubstituted === (name === "t");
    if (name !== "b") this.#hasSubstituted = false;
    if (!goes) return "command";
    if (text === "") return this.#commands.length;
    const at = this.#commands.findIndex((other) => other.name === ":" && other.text === text);
    if (at === -1) throw new ScriptError(`${MISSING_LABEL} \`${text}'`);
    return at + 1;
  }

  async #nextLine(name: string): Promise<Next> {
    if (await this.#input.isAtEnd()) {
      // GNU prints the pattern space when there is no next line, POSIX says without.
      return "quit";
    }
    if (name === "n" && !this.#isQuiet) await this.#print(this.#pattern);
    await this.#flushAppended();
    const before = this.#pattern;
    const hasSubstituted = this.#hasSubstituted;
    await this.#read();
    this.#hasSubstituted = hasSubstituted;
    if (name === "N") this.#pattern = `${before}\n${this.#pattern}`;
    return "command";
  }

  async #contentOf(file: string): Promise<string> {
    try {
      const handle = open(this.#shell, file, "<").hold();
      const bytes = await handle.readAll().finally(() => handle.release());
      return decodeText(bytes);
    } catch {
      // A file that cannot be read is read as empty (sed(1)).
      return "";
    }
  }

  async #writeTo(file: string, text: string): Promise<void> {
    if (file === "/dev/stdout") return this.#output.add(text);
    await this.#files.get(file)?.file.write(encodeText(text));
  }
}
