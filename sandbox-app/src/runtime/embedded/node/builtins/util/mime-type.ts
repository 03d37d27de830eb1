import { nodeError } from "../errors/node-error.ts";

const token = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const notQuoted = /[^\t\u0020-~\u0080-ÿ]/;

function invalid(production: string, text: string, index: number): Error {
  const at = index === -1 ? "" : ` at ${index}`;
  return nodeError(
    "ERR_INVALID_MIME_SYNTAX",
    `The MIME syntax for a ${production} in "${text}" is invalid${at}`,
    TypeError,
  );
}

/** `util.MIMEParams` (WHATWG MIME Sniffing, section 4). */
export class MIMEParams {
  readonly #entries = new Map<string, string>();

  get(name: string): string | null {
    return this.#entries.get(name) ?? null;
  }
  has(name: string): boolean {
    return this.#entries.has(name);
  }
  delete(name: string): void {
    this.#entries.delete(name);
  }
  set(name: string, value: string): void {
    if (!token.test(name)) throw invalid("parameter name", name, name.search(/[^\w.+-]/));
    if (notQuoted.test(value)) throw invalid("parameter value", value, value.search(notQuoted));
    this.#entries.set(name, value);
  }
  entries(): MapIterator<[string, string]> {
    return this.#entries.entries();
  }
  keys(): MapIterator<string> {
    return this.#entries.keys();
  }
  values(): MapIterator<string> {
    return this.#entries.values();
  }
  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.#entries.entries();
  }
  toString(): string {
    return Array.from(this.#entries, ([name, value]) => {
      const quoted = token.test(value) ? value : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
      return `${name}=${quoted}`;
    }).join(";");
  }
  toJSON(): string {
    return this.toString();
  }
}

function fillParams(params: MIMEParams, text: string): void {
  const pattern = /;[\t\n\r ]*([^;=]*)(?:=(?:"((?:[^"\\]|\\.)*)"?[^;]*|([^;]*)))?/g;
  for (const [, name = "", quoted, plain] of text.matchAll(pattern)) {
    const key = name.toLowerCase();
    const value =
      quoted === undefined ? (plain ?? "").trimEnd() : quoted.replaceAll(/\\(.)/g, "$1");
    const usable =
      token.test(key) && !notQuoted.test(value) && (quoted !== undefined || value !== "");
    if (usable && !params.has(key)) params.set(key, value);
  }
}

/** `util.MIMEType`. */
export class MIMEType {
  #type: string;
  #subtype: string;
  readonly params = new MIMEParams();

  constructor(input: string) {
    const text = input.trim();
    const slash = text.indexOf("/");
    const end = text.indexOf(";");
    const type = slash === -1 ? text : text.slice(0, slash);
    const subtype = text.slice(slash + 1, end === -1 ? undefined : end).trimEnd();
    if (slash === -1 || !token.test(type))
      throw invalid("type", text, slash === -1 ? -1 : type.search(/[^\w.+-]/));
    if (!token.test(subtype)) throw invalid("subtype", text, -1);
    this.#type = type.toLowerCase();
    this.#subtype = subtype.toLowerCase();
    if (end !== -1) fillParams(this.params, text.slice(end));
  }

  get type(): string {
    return this.#type;
  }
  set type(value: string) {
    if (!token.test(value)) throw invalid("type", value, -1);
    this.#type = value.toLowerCase();
  }
  get subtype(): string {
    return this.#subtype;
  }
  set subtype(value: string) {
    if (!token.test(value)) throw invalid("subtype", value, -1);
    this.#subtype = value.toLowerCase();
  }
  get essence(): string {
    return `${this.#type}/${this.#subtype}`;
  }
  toString(): string {
    const params = this.params.toString();
    return params === "" ? this.essence : `${this.essence};${params}`;
  }
  toJSON(): string {
    return this.toString();
  }
}
