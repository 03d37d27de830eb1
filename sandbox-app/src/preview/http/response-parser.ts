import { type BodyLength, bodyLength } from "./body-length.ts";
import { concat, latin1 } from "./bytes.ts";
import { BadResponse, type ResponseHead } from "./response-head.ts";

/** Bytes of status line and headers, or of the trailers; browsers take 256 KiB, servers send less. */
const HEAD_MAX_BYTES = 131_072;

/** Bytes of the line that tells a chunk's size, with its extensions. */
const CHUNK_LINE_MAX_BYTES = 4_096;

export type ResponseEvent =
  | { readonly type: "head"; readonly head: ResponseHead }
  | { readonly type: "data"; readonly bytes: Uint8Array }
  | { readonly type: "end" };

type State =
  | { readonly name: "head" | "chunk_size" | "chunk_end" | "trailers" | "until_end" | "done" }
  | { readonly name: "fixed" | "chunk"; readonly left: number };

/**
 * Reads one HTTP/1.1 response from bytes that come in any pieces (RFC 9112). Interim responses are
 * skipped. After a 101 the bytes are no longer HTTP, and are passed on as data.
 */
export class ResponseParser {
  readonly #method: string;
  #state: State = { name: "head" };
  #rest: Uint8Array = new Uint8Array();

  /** @param method of the request: an answer to HEAD has no body, whatever its headers say */
  constructor(method: string) {
    this.#method = method;
  }

  /** @throws BadResponse */
  push(bytes: Uint8Array): ResponseEvent[] {
    this.#rest = concat(this.#rest, bytes);
    const events: ResponseEvent[] = [];
    while (this.#step(events));
    return events;
  }

  /**
   * Nothing more will come.
   *
   * @throws BadResponse when the response is not complete
   */
  finish(): ResponseEvent[] {
    const { name } = this.#state;
    if (name === "done") return [];
    if (name === "until_end") {
      this.#state = { name: "done" };
      return [{ type: "end" }];
    }
    throw new BadResponse(
      name === "head" && this.#rest.length === 0
        ? "The server closed the connection without an answer."
        : "The server closed the connection in the middle of its answer.",
    );
  }

  /** @returns whether there may be more to do with the bytes at hand */
  #step(events: ResponseEvent[]): boolean {
    const state = this.#state;
    switch (state.name) {
      case "head":
        return this.#head(events);
      case "fixed":
      case "chunk":
        return this.#counted(state.name, state.left, events);
      case "chunk_size":
        return this.#chunkSize();
      case "chunk_end":
        return this.#chunkEnd();
      case "trailers":
        return this.#trailers(events);
      case "until_end":
        if (this.#rest.length > 0)
          events.push({ type: "data", bytes: this.#take(this.#rest.length) });
        return false;
      case "done":
        return false;
    }
  }

  #head(events: ResponseEvent[]): boolean {
    const block = this.#block();
    if (block === null) return false;
    const head = parseHead(block);
    // 1xx tells of progress and the real answer follows (RFC 9110, section 15.2); 101 is the answer.
    if (head.status < 200 && head.status !== 101) return true;
    events.push({ type: "head", head });
    this.#state = stateOf(bodyLength(this.#method, head));
    if (this.#state.name === "done") events.push({ type: "end" });
    return this.#state.name !== "done";
  }

  #counted(name: "fixed" | "chunk", left: number, events: ResponseEvent[]): boolean {
    if (this.#rest.length === 0) return false;
    const bytes = this.#take(Math.min(left, this.#rest.length));
    events.push({ type: "data", bytes });
    if (bytes.length < left) this.#state = { name, left: left - bytes.length };
    else if (name === "chunk") this.#state = { name: "chunk_end" };
    else {
      this.#state = { name: "done" };
      events.push({ type: "end" });
    }
    return this.#state.name === "chunk_end";
  }

  #chunkSize(): boolean {
    const line = this.#line(CHUNK_LINE_MAX_BYTES);
    if (line === null) return false;
    const digits = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (digits === undefined) throw new BadResponse("A chunk of the answer has no valid size.");
    const left = parseInt(digits, 16);
    this.#state = left === 0 ? { name: "trailers" } : { name: "chunk", left };
    return true;
  }

  #chunkEnd(): boolean {
    const line = this.#line(2);
    if (line === null) return false;
    if (line !== "") throw new BadResponse("A chunk of the answer is longer than it says.");
    this.#state = { name: "chunk_size" };
    return true;
  }

  #trailers(events: ResponseEvent[]): boolean {
    const line = this.#line(HEAD_MAX_BYTES);
    if (line === null) return false;
    if (line === "") {
      this.#state = { name: "done" };
      events.push({ type: "end" });
    }
    return line !== "";
  }

  /** All lines up to the empty one, which is taken too; null when it has not come yet. */
  #block(): string[] | null {
    let end = -1;
    for (let from = 0; end < 0;) {
      const newline = this.#rest.indexOf(10, from);
      if (newline < 0) {
        if (this.#rest.length > HEAD_MAX_BYTES) throw new BadResponse("The headers are too long.");
        return null;
      }
      const length = newline - from - (this.#rest[newline - 1] === 13 ? 1 : 0);
      // An empty line before the status line is skipped (RFC 9112, section 2.2).
      if (length <= 0 && latin1(this.#rest.subarray(0, from)).trim() !== "") end = newline + 1;
      from = newline + 1;
    }
    if (end > HEAD_MAX_BYTES) throw new BadResponse("The headers are too long.");
    return latin1(this.#take(end)).trim().split(/\r?\n/);
  }

  #line(max: number): string | null {
    const newline = this.#rest.indexOf(10);
    if (newline > max || (newline < 0 && this.#rest.length > max)) {
      throw new BadResponse("The answer is not valid HTTP: a line is too long.");
    }
    if (newline < 0) return null;
    return latin1(this.#take(newline + 1)).replace(/\r?\n$/, "");
  }

  #take(length: number): Uint8Array {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}

function stateOf(length: BodyLength): State {
  switch (length.kind) {
    case "none":
      return { name: "done" };
    case "fixed":
      return { name: "fixed", left: length.bytes };
    case "chunked":
      return { name: "chunk_size" };
    case "until_end":
      return { name: "until_end" };
  }
}

function parseHead([first = "", ...lines]: readonly string[]): ResponseHead {
  const status = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(first);
  if (status === null) throw new BadResponse("The answer is not HTTP/1.1.");
  const headers = lines.map((line): readonly [string, string] => {
    const field = /^([!#$%&'*+\-.^_`|~\w]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (field === null) throw new BadResponse("The answer has a header that is not valid.");
    return [field[1] ?? "", field[2] ?? ""];
  });
  return { status: Number(status[1]), reason: status[2] ?? "", headers };
}
