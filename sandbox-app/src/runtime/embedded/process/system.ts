import { FileError } from "../../runtime.ts";
import type {
  ProcessStart,
  System,
  SystemCallArguments,
  SystemCallName,
  SystemCallResult,
  SystemEvent,
} from "../kernel/system-calls.ts";
import { collectGarbage } from "./collect-garbage.ts";
import type { FromProcess, ToProcess, WireFailure } from "./messages.ts";
import { ReplyKind, ReplyReader } from "./reply-memory.ts";

// Guests own the globals of their worker; what the client needs is taken before they run.
const post = self.postMessage.bind(self);
const listen = self.addEventListener.bind(self);
const later = self.setTimeout.bind(self);
const { wait } = Atomics;
const now = performance.now.bind(performance);
const { timeOrigin } = performance;
const parse = JSON.parse.bind(JSON);
const decoder = new TextDecoder();
const decode = decoder.decode.bind(decoder);

/**
 * Waits for the kernel to start a process in this worker. Call it once, before anything of a guest
 * runs and before any `await`: messages that come earlier are lost.
 */
export function startSystem(): Promise<System> {
  tellOfRejections();
  const started = Promise.withResolvers<System>();
  let system: WorkerSystem | null = null;
  listen("message", (event: MessageEvent<ToProcess>) => {
    // Guests see no message of the kernel's, whatever they listen to.
    event.stopImmediatePropagation();
    const message = event.data;
    if (message.type === "start") {
      system = new WorkerSystem(message.start, message.memory);
      started.resolve(system);
    } else if (message.type === "collect") {
      collectGarbage();
    } else {
      system?.receive(message);
    }
  });
  return started.promise;
}

/**
 * A rejection that nobody handles ends the process: browsers tell a worker's owner of errors only,
 * and a process whose program could not be loaded would wait for ever. A guest's runtime that has
 * rules of its own for rejections calls `preventDefault` on the event.
 */
function tellOfRejections(): void {
  listen("unhandledrejection", (event: PromiseRejectionEvent) => {
    later(() => {
      if (!event.defaultPrevented) throw event.reason;
    });
  });
}

interface Waiter {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The kernel as the process in this worker sees it. */
class WorkerSystem implements System {
  readonly start: ProcessStart;
  readonly #replies: ReplyReader;
  readonly #waiters = new Map<number, Waiter>();
  readonly #listeners = new Set<(event: SystemEvent) => void>();
  #nextId = 1;

  constructor(start: ProcessStart, memory: SharedArrayBuffer) {
    this.start = start;
    this.#replies = new ReplyReader(memory);
  }

  call<Name extends SystemCallName>(
    name: Name,
    ...args: SystemCallArguments<Name>
  ): Promise<SystemCallResult<Name>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      send({ type: "call", id, name, args, sync: false }, portsIn(args));
      this.#waiters.set(id, { resolve, reject });
    });
  }

  callSync<Name extends SystemCallName>(
    name: Name,
    ...args: SystemCallArguments<Name>
  ): SystemCallResult<Name> {
    const id = this.#replies.next();
    send({ type: "call", id, name, args, sync: true }, portsIn(args));
    const { kind, bytes } = this.#replies.receive(id, askForMore);
    switch (kind) {
      case ReplyKind.nothing:
        return undefined as SystemCallResult<Name>;
      case ReplyKind.bytes:
        return bytes as SystemCallResult<Name>;
      case ReplyKind.json:
        return parse(decode(bytes)) as SystemCallResult<Name>;
      case ReplyKind.failure:
        throw errorOf(parse(decode(bytes)) as WireFailure);
    }
  }

  onEvent(listener: (event: SystemEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  exit(code: number): never {
    send({ type: "exit", code }, []);
    // The kernel ends the worker; until then nothing more may run.
    const forever = new Int32Array(new SharedArrayBuffer(4));
    for (;;) wait(forever, 0, 0);
  }

  receive(message: Exclude<ToProcess, { type: "start" | "collect" }>): void {
    switch (message.type) {
      case "reply":
        this.#take(message.id)?.resolve(message.value);
        break;
      case "failure":
        this.#take(message.id)?.reject(errorOf(message.failure));
        break;
      case "event":
        for (const listener of this.#listeners) listener(message.event);
        break;
      case "ping":
        send({ type: "pong", delayMs: timeOrigin + now() - message.at }, []);
        break;
    }
  }

  #take(id: number): Waiter | undefined {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    return waiter;
  }
}

function send(message: FromProcess, transfer: Transferable[]): void {
  post(message, { transfer });
}

function askForMore(id: number): void {
  send({ type: "more", id }, []);
}

/** Ports must be transferred: `spawn` may bring one. */
function portsIn(args: readonly unknown[]): MessagePort[] {
  const [first] = args;
  if (typeof first !== "object" || first === null || !("channel" in first)) return [];
  return first.channel instanceof MessagePort ? [first.channel] : [];
}

function errorOf({ code, path, message }: WireFailure): FileError {
  return new FileError(code, path, message);
}
