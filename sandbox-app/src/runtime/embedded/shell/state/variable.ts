import { inHashOrder } from "./hash-order.ts";

export type Content =
  | { readonly kind: "unset" }
  | { readonly kind: "scalar"; readonly text: string }
  | { readonly kind: "indexed"; readonly items: Map<number, string> }
  | { readonly kind: "associative"; readonly items: Map<string, string> };

export interface Attributes {
  exported: boolean;
  readonly: boolean;
  integer: boolean;
  lower: boolean;
  upper: boolean;
  reference: boolean;
}

/** The data of a variable, as a message between processes carries it. */
export type PlainVariable = Pick<Variable, "content" | "isAssigned" | "attributes">;

/** A shell variable: what it holds and how it is declared. */
export class Variable {
  content: Content;
  /** Whether an array has been given a value, if only an empty one. */
  isAssigned = false;
  readonly attributes: Attributes;

  constructor(content: Content = { kind: "unset" }, attributes: Partial<Attributes> = {}) {
    this.content = content;
    this.attributes = {
      exported: false,
      readonly: false,
      integer: false,
      lower: false,
      upper: false,
      reference: false,
      ...attributes,
    };
  }

  static from({ content, isAssigned, attributes }: PlainVariable): Variable {
    const made = new Variable(copyContent(content), attributes);
    made.isAssigned = isAssigned;
    return made;
  }

  copy(): Variable {
    return Variable.from(this);
  }

  /** What `$name` is: the text, or element 0 of an array. */
  get text(): string | undefined {
    switch (this.content.kind) {
      case "unset":
        return undefined;
      case "scalar":
        return this.content.text;
      case "indexed":
        return this.content.items.get(0);
      case "associative":
        return this.content.items.get("0");
    }
  }

  /** Keys and values in the order in which bash lists them. */
  get entries(): readonly (readonly [string, string])[] {
    const { content } = this;
    switch (content.kind) {
      case "unset":
        return [];
      case "scalar":
        return [["0", content.text]];
      case "indexed":
        return Array.from(content.items)
          .toSorted(([a], [b]) => a - b)
          .map(([key, value]) => [String(key), value] as const);
      case "associative":
        return inHashOrder(content.items.keys()).map((key) => [key, content.items.get(key) ?? ""]);
    }
  }

  get isArray(): boolean {
    return this.content.kind === "indexed" || this.content.kind === "associative";
  }

  /** Turns a scalar into the array that has it as element 0. */
  asIndexed(): Map<number, string> {
    if (this.content.kind === "indexed") return this.content.items;
    const { text } = this;
    const items = new Map<number, string>(text === undefined ? [] : [[0, text]]);
    this.content = { kind: "indexed", items };
    return items;
  }

  /** What `lower` and `upper` make of a value. */
  inCase(value: string): string {
    if (this.attributes.lower) return value.toLowerCase();
    return this.attributes.upper ? value.toUpperCase() : value;
  }
}

function copyContent(content: Content): Content {
  switch (content.kind) {
    case "indexed":
      return { kind: "indexed", items: new Map(content.items) };
    case "associative":
      return { kind: "associative", items: new Map(content.items) };
    default:
      return content;
  }
}
