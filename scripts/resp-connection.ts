import { connect, type Socket } from "node:net";

/** What a Redis server answers (RESP2, https://redis.io/docs/latest/develop/reference/protocol-spec). */
export type RespValue = Buffer | number | null | RespError | SimpleString | RespValue[];

/** An error reply, in the server's words. */
export class RespError {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** A status such as OK. */
export class SimpleString {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const CRLF = "\r\n";

interface Pending {
  readonly resolve: (value: RespValue) => void;
  readonly reject: (error: Error) => void;
}

/** One connection to a Redis server; answers come in the order of the commands. */
export class RespConnection {
  readonly #socket: Socket;
  readonly #pending: Pending[] = [];
  #received: Buffer = Buffer.alloc(0);

  /** @param socketPath Unix socket that the server listens on */
  constructor(socketPath: string) {
    this.#socket = connect(socketPath);
    this.#socket.on("data", (data) => this.#receive(data));
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.on("close", () =>
      this.#fail(new Error("The Redis server closed the connection.")),
    );
  }

  /** Sends the commands in one piece, so that no other command comes between them. */
  send(commands: readonly (readonly string[])[]): Promise<RespValue[]> {
    const answers = commands.map(
      () => new Promise<RespValue>((resolve, reject) => this.#pending.push({ resolve, reject })),
    );
    this.#socket.write(commands.map(encodeCommand).join(""));
    return Promise.all(answers);
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    let offset = 0;
    for (let parsed = parse(this.#received, 0); parsed; parsed = parse(this.#received, offset)) {
      offset = parsed.next;
      this.#pending.shift()?.resolve(parsed.value);
    }
    this.#received = this.#received.subarray(offset);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.splice(0)) reject(error);
  }
}

function encodeCommand(command: readonly string[]): string {
  const bulk = command.map((part) => `$${Buffer.byteLength(part)}${CRLF}${part}${CRLF}`);
  return `*${command.length}${CRLF}${bulk.join("")}`;
}

interface Parsed {
  readonly value: RespValue;
  /** Where the next value begins. */
  readonly next: number;
}

/** @returns undefined while the value is not complete */
function parse(data: Buffer, start: number): Parsed | undefined {
  const end = data.indexOf(CRLF, start);
  if (end < 0) return undefined;
  const line = data.toString("utf8", start + 1, end);
  const next = end + CRLF.length;
  switch (String.fromCharCode(data[start] ?? 0)) {
    case "+":
      return { value: new SimpleString(line), next };
    case "-":
      return { value: new RespError(line), next };
    case ":":
      return { value: Number(line), next };
    case "$":
      return parseBulk(data, Number(line), next);
    case "*":
      return parseArray(data, Number(line), next);
    default:
      throw new Error(`The server answered something that is not RESP: ${line}`);
  }
}

function parseBulk(data: Buffer, length: number, start: number): Parsed | undefined {
  if (length < 0) return { value: null, next: start };
  const end = start + length;
  if (data.length < end + CRLF.length) return undefined;
  return { value: data.subarray(start, end), next: end + CRLF.length };
}

function parseArray(data: Buffer, length: number, start: number): Parsed | undefined {
  if (length < 0) return { value: null, next: start };
  const values: RespValue[] = [];
  let next = start;
  while (values.length < length) {
    const parsed = parse(data, next);
    if (!parsed) return undefined;
    values.push(parsed.value);
    next = parsed.next;
  }
  return { value: values, next };
}
