import { compilePattern } from "../text/posix-pattern.ts";
import { AwkError, unescaped } from "./tokens.ts";
import { type AwkArray, Input, nothing, numberOf, textOf, type Value } from "./values.ts";

type Cell = Value | AwkArray;

/** Variables, and the record with its fields, which change each other. */
export class AwkState {
  readonly globals = new Map<string, Cell>([
    ["FS", " "],
    ["OFS", " "],
    ["ORS", "\n"],
    ["RS", "\n"],
    ["SUBSEP", "\x1c"],
    ["CONVFMT", "%.6g"],
    ["OFMT", "%.6g"],
    ["NR", 0],
    ["FNR", 0],
    ["RSTART", 0],
    ["RLENGTH", -1],
    ["FILENAME", ""],
  ]);
  /** Of the function that runs now. */
  frame: Map<string, Cell> | null = null;
  readonly #patterns = new Map<string, RegExp>();
  #record = "";
  #fields: Value[] | null = [];
  #isRecordStale = false;

  text(name: string): string {
    const cell = this.globals.get(name);
    return cell === undefined || cell instanceof Map ? "" : textOf(cell);
  }

  get(name: string): Value {
    const cell = this.frame?.has(name) === true ? this.frame.get(name) : this.globals.get(name);
    if (name === "NF" && this.frame?.has(name) !== true) return this.#split().length;
    if (cell instanceof Map) throw new AwkError(`can't use array ${name} as a scalar`);
    return cell ?? nothing;
  }

  set(name: string, value: Value): void {
    if (this.frame?.has(name) === true) this.frame.set(name, value);
    else if (name === "NF") this.#resize(numberOf(value));
    else this.globals.set(name, value);
  }

  array(name: string): AwkArray {
    const scope = this.frame?.has(name) === true ? this.frame : this.globals;
    const cell = scope.get(name);
    if (cell instanceof Map) return cell;
    if (cell !== undefined && cell !== nothing) throw new AwkError(`can't use ${name} as an array`);
    const made: AwkArray = new Map();
    scope.set(name, made);
    return made;
  }

  /** The array behind a name, if there is one: what a call may hand over. */
  cell(name: string): Cell | undefined {
    return this.frame?.has(name) === true ? this.frame.get(name) : this.globals.get(name);
  }

  key(values: readonly Value[]): string {
    return values
      .map((value) => textOf(value, this.text("CONVFMT")))
      .join(values.length > 1 ? this.text("SUBSEP") : "");
  }

  set record(text: string) {
    this.#record = text;
    this.#fields = null;
    this.#isRecordStale = false;
  }

  get record(): string {
    if (this.#isRecordStale) {
      const format = this.text("CONVFMT");
      this.#record = this.#split()
        .map((field) => textOf(field, format))
        .join(this.text("OFS"));
      this.#isRecordStale = false;
    }
    return this.#record;
  }

  field(index: number): Value {
    if (index < 0) throw new AwkError(`attempt to access field ${index}`);
    if (index === 0) return new Input(this.record);
    return this.#split()[index - 1] ?? nothing;
  }

  setField(index: number, value: Value): void {
    if (index === 0) {
      this.record = textOf(value);
      return;
    }
    const fields = this.#split();
    while (fields.length < index) fields.push("");
    fields[index - 1] = value;
    this.#isRecordStale = true;
  }

  #resize(count: number): void {
    const fields = this.#split();
    while (fields.length < count) fields.push("");
    fields.length = Math.max(0, count);
    this.#isRecordStale = true;
  }

  #split(): Value[] {
    this.#fields ??= this.splitText(this.#record, this.text("FS")).map((text) => new Input(text));
    return this.#fields;
  }

  /** The parts of a text by a separator as FS takes it. */
  splitText(text: string, separator: string | RegExp): string[] {
    if (separator === " ") return text.match(/[^ \t\n]+/g) ?? [];
    if (text === "") return [];
    if (separator === "") return Array.from(text);
    if (typeof separator === "string" && separator.length === 1 && separator !== "\\")
      return text.split(separator);
    const pattern = typeof separator === "string" ? this.pattern(separator) : separator;
    const parts: string[] = [];
    let at = 0;
    for (const match of text.matchAll(new RegExp(pattern.source, "gu"))) {
      if (match[0] === "") continue;
      parts.push(text.slice(at, match.index));
      at = match.index + match[0].length;
    }
    return [...parts, text.slice(at)];
  }

  /** An extended expression, compiled once. */
  pattern(source: string): RegExp {
    const known = this.#patterns.get(source);
    if (known !== undefined) return known;
    const made = compilePattern(source.replaceAll('\\"', '"'), "extended");
    this.#patterns.set(source, made);
    return made;
  }

  /** `-v name=value` and operands of that form: escapes are done. */
  assignOperand(text: string): boolean {
    const match = /^([A-Za-z_]\w*)=([^]*)$/.exec(text);
    if (match === null) return false;
    this.set(match[1] ?? "", new Input(unescaped(match[2] ?? "")));
    return true;
  }
}
