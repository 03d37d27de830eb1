import type {
  ByteDuplex,
  CutEvent,
  FileEvent,
  Files,
  PortEvent,
  Process,
  Runtime,
  SpawnOptions,
  Unsubscribe,
} from "../runtime.ts";
import { openByteChannel } from "./byte-channel.ts";
import { type ClientMessage, ServerMessage } from "./messages.ts";
import { Liveness } from "./liveness.ts";
import { type MethodArgs, type MethodName, type MethodResult, methods } from "./methods.ts";
import { RemoteProcess } from "./remote-process.ts";
import { fromWire } from "./wire-error.ts";

type Greeting = Extract<ServerMessage, { type: "hello" }>;

/** A server greets as soon as it has the port; it has booted before. */
const GREETING_TIMEOUT_MS = 10_000;

/** What is known to end a kernel that had greeted. */
const LOST =
  "The runtime does not answer any more. Most likely a program took all the memory that the " +
  "browser gives it, and the browser ended all of them. Reload the page to start it again.";

/**
 * Uses a runtime through a port that `serveRuntime` serves at the other end.
 *
 * @throws Error when nobody greets in time
 */
export async function connectRuntime(port: MessagePort): Promise<Runtime> {
  const client = new RuntimeClient(port);
  return client.connect();
}

interface Waiter {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

class RuntimeClient {
  readonly #port: MessagePort;
  readonly #waiters = new Map<number, Waiter>();
  readonly #processes = new Map<number, RemoteProcess>();
  readonly #watchers = new Map<number, (event: FileEvent) => void>();
  readonly #errorListeners = new Set<(error: Error) => void>();
  readonly #processesListeners = new Set<() => void>();
  readonly #cutListeners = new Set<(event: CutEvent) => void>();
  readonly #portListeners = new Set<(event: PortEvent) => void>();
  readonly #openPorts = new Map<number, PortEvent>();
  readonly #greeting = Promise.withResolvers<Greeting>();
  #ended: Error | null = null;
  #liveness: Liveness | null = null;
  #nextId = 1;

  constructor(port: MessagePort) {
    this.#port = port;
    // Whoever connects awaits it; nobody does after a time-out.
    this.#greeting.promise.catch(() => {});
    port.addEventListener("message", ({ data }) => this.#receive(data));
    // Not every browser tells; the server says it too when it ends in order.
    port.addEventListener("close", () => this.#fail(new Error("The runtime has gone away.")));
    port.start();
  }

  async connect(): Promise<Runtime> {
    const timer = setTimeout(
      () => this.#fail(new Error("The runtime did not answer in time.")),
      GREETING_TIMEOUT_MS,
    );
    const { capabilities, root } = await this.#greeting.promise.finally(() => clearTimeout(timer));
    this.#liveness = new Liveness(
      () => this.#send({ type: "ping" }),
      () => this.#fail(new Error(LOST)),
    );
    return {
      capabilities,
      root,
      files: this.#files(),
      spawn: (command, args, options) => this.#spawn(command, args, options),
      processes: () => this.#call("processes", []),
      signal: (pid, signal) => this.#call("signal", [pid, signal]),
      usage: () => this.#call("usage", []),
      onProcesses: (listener) => subscribe(this.#processesListeners, listener),
      onCut: (listener) => subscribe(this.#cutListeners, listener),
      onPort: (listener) => {
        for (const event of this.#openPorts.values()) listener(event);
        return subscribe(this.#portListeners, listener);
      },
      connect: (port) => this.#connect(port),
      onError: (listener) => subscribe(this.#errorListeners, listener),
      dispose: () => this.#dispose(),
    };
  }

  #files(): Files {
    return {
      read: (path) => this.#call("read", [path]),
      write: (path, content) => this.#call("write", [path, content.slice()]),
      list: (path) => this.#call("list", [path]),
      stat: (path) => this.#call("stat", [path]),
      realpath: (path) => this.#call("realpath", [path]),
      mkdir: (path, options) => this.#call("mkdir", [path, options]),
      remove: (path, options) => this.#call("remove", [path, options]),
      rename: (from, to) => this.#call("rename", [from, to]),
      chmod: (path, mode) => this.#call("chmod", [path, mode]),
      scan: (path, options) => this.#call("scan", [path, { ...options }]),
      watch: (path, listener) => this.#watch(path, listener),
    };
  }

  async #spawn(
    command: string,
    args: readonly string[] = [],
    options: SpawnOptions = {},
  ): Promise<Process> {
    const id = this.#nextId;
    const process = new RemoteProcess(id, (message) => this.#send(message));
    // Before the answer: output may come at once.
    this.#processes.set(id, process);
    try {
      return process.describe(await this.#call("spawn", [command, [...args], { ...options }]));
    } catch (error) {
      this.#processes.delete(id);
      throw error;
    }
  }

  #watch(path: string, listener: (event: FileEvent) => void): Unsubscribe {
    const watch = this.#nextId++;
    this.#watchers.set(watch, listener);
    this.#send({ type: "watch", watch, path });
    return () => {
      if (this.#watchers.delete(watch)) this.#send({ type: "unwatch", watch });
    };
  }

  async #dispose(): Promise<void> {
    if (this.#ended !== null) return;
    this.#errorListeners.clear();
    // The server tells every client that the end has come, this one too, maybe before it answers.
    await this.#call("dispose", []).catch(() => {});
    this.#end(new Error("The runtime was disposed."));
    this.#port.close();
  }

  async #call<Name extends MethodName>(
    method: Name,
    args: MethodArgs<Name>,
  ): Promise<MethodResult<Name>> {
    const value = await this.#request((id) =>
      this.#send({ type: "call", id, method, args: [...args] }),
    );
    const parsed = methods[method].result.safeParse(value);
    if (!parsed.success) throw new Error(`The runtime gave no valid answer to ${method}.`);
    return parsed.data as MethodResult<Name>;
  }

  /** @param send sends a message that is answered by a result or an error with this id */
  #request(send: (id: number) => void): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject });
      send(id);
    });
  }

  async #connect(port: number): Promise<ByteDuplex> {
    const { port1, port2 } = new MessageChannel();
    await this.#request((id) => this.#send({ type: "connect", id, port }, [port2]));
    return openByteChannel(port1);
  }

  #send(message: ClientMessage, transfer: Transferable[] = []): void {
    if (this.#ended === null) this.#port.postMessage(message, transfer);
  }

  #receive(data: unknown): void {
    const parsed = ServerMessage.safeParse(data);
    // What has no shape has no addressee.
    if (!parsed.success) return;
    this.#liveness?.heard();
    const message = parsed.data;
    switch (message.type) {
      case "hello":
        this.#greeting.resolve(message);
        break;
      case "result":
        this.#take(message.id)?.resolve(message.value);
        break;
      case "error":
        this.#take(message.id)?.reject(fromWire(message.error));
        break;
      case "output":
        this.#processes.get(message.process)?.output(message.stream, message.bytes);
        break;
      case "output_end":
        this.#processes.get(message.process)?.endOutput(message.stream);
        break;
      case "stdin_credit":
        this.#processes.get(message.process)?.creditInput(message.bytes);
        break;
      case "exit":
        this.#processes.get(message.process)?.ended(message.exit);
        this.#processes.delete(message.process);
        break;
      case "event":
        this.#watchers.get(message.watch)?.(message.event);
        break;
      case "port":
        this.#portChanged(message.event);
        break;
      case "processes":
        for (const listener of this.#processesListeners) listener();
        break;
      case "pong":
        break;
      case "cut":
        for (const listener of this.#cutListeners) listener(message.event);
        break;
      case "failed":
        this.#fail(new Error(message.message));
        break;
    }
  }

  #portChanged(event: PortEvent): void {
    if (event.type === "opened") this.#openPorts.set(event.port, event);
    else this.#openPorts.delete(event.port);
    for (const listener of this.#portListeners) listener(event);
  }

  #take(id: number): Waiter | undefined {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    return waiter;
  }

  #fail(error: Error): void {
    if (this.#ended !== null) return;
    this.#end(error);
    for (const listener of this.#errorListeners) listener(error);
  }

  /** Rejects everything that waits, now and from now on. */
  #end(error: Error): void {
    this.#ended = error;
    this.#liveness?.stop();
    this.#greeting.reject(error);
    for (const waiter of this.#waiters.values()) waiter.reject(error);
    this.#waiters.clear();
    for (const process of this.#processes.values()) process.lost(error);
    this.#processes.clear();
    this.#watchers.clear();
  }
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): Unsubscribe {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
