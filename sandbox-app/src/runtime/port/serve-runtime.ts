import type { Runtime, Unsubscribe } from "../runtime.ts";
import { joinChannel } from "./join-channel.ts";
import { ClientMessage } from "./messages.ts";
import { type MethodName, methods } from "./methods.ts";
import { type Send, ServedProcess } from "./served-process.ts";
import { toWire } from "./wire-error.ts";

type Call = Extract<ClientMessage, { type: "call" }>;
type Connect = Extract<ClientMessage, { type: "connect" }>;

/**
 * Lets the client at the other end of the port use a runtime. One runtime serves many ports; where
 * the browser tells of a closed port, a client that goes away takes its processes along.
 */
export function serveRuntime(runtime: Runtime, port: MessagePort): void {
  const server = new RuntimeServer(runtime, (message, transfer = []) =>
    port.postMessage(message, transfer),
  );
  port.addEventListener("message", ({ data, ports }) => server.receive(data, ports));
  port.addEventListener("close", () => server.close());
  port.start();
  server.greet();
}

class RuntimeServer {
  readonly #runtime: Runtime;
  readonly #send: Send;
  readonly #processes = new Map<number, ServedProcess>();
  readonly #watches = new Map<number, Unsubscribe>();
  readonly #subscriptions: Unsubscribe[] = [];

  constructor(runtime: Runtime, send: Send) {
    this.#runtime = runtime;
    this.#send = send;
  }

  greet(): void {
    const { capabilities, root } = this.#runtime;
    this.#send({ type: "hello", capabilities, root });
    this.#subscriptions.push(
      this.#runtime.onError(({ message }) => this.#send({ type: "failed", message })),
      this.#runtime.onPort((event) => this.#send({ type: "port", event })),
      this.#runtime.onProcesses(() => this.#send({ type: "processes" })),
      this.#runtime.onCut((event) =>
        this.#send({ type: "cut", event: { ...event, argv: [...event.argv] } }),
      ),
    );
  }

  close(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    for (const stop of this.#watches.values()) stop();
    for (const process of this.#processes.values()) process.kill("SIGKILL");
  }

  /** @param ports that came with the message */
  receive(data: unknown, [port]: readonly MessagePort[] = []): void {
    const parsed = ClientMessage.safeParse(data);
    // There is nobody to tell: a message without a valid id has no caller.
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.type) {
      case "call":
        void this.#answer(message);
        break;
      case "stdin":
        this.#processes.get(message.process)?.write(message.bytes);
        break;
      case "stdin_end":
        this.#processes.get(message.process)?.endInput();
        break;
      case "credit":
        this.#processes.get(message.process)?.credit(message.stream, message.bytes);
        break;
      case "cancel":
        this.#processes.get(message.process)?.cancel(message.stream);
        break;
      case "kill":
        this.#processes.get(message.process)?.kill(message.signal);
        break;
      case "resize":
        this.#processes.get(message.process)?.resize(message.columns, message.rows);
        break;
      case "watch":
        this.#watch(message.watch, message.path);
        break;
      case "unwatch":
        this.#watches.get(message.watch)?.();
        this.#watches.delete(message.watch);
        break;
      case "ping":
        this.#send({ type: "pong" });
        break;
      case "connect":
        if (port !== undefined) void this.#connect(message, port);
        break;
    }
  }

  async #answer({ id, method, args }: Call): Promise<void> {
    try {
      const value = await this.#perform(id, method, args);
      const transfer = value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : [];
      this.#send({ type: "result", id, value }, transfer);
    } catch (error) {
      this.#send({ type: "error", id, error: toWire(error) });
    }
  }

  async #perform(id: number, method: MethodName, args: unknown[]): Promise<unknown> {
    const { files } = this.#runtime;
    switch (method) {
      case "read":
        return files.read(...methods.read.args.parse(args));
      case "write":
        return files.write(...methods.write.args.parse(args));
      case "list":
        return files.list(...methods.list.args.parse(args));
      case "stat":
        return files.stat(...methods.stat.args.parse(args));
      case "realpath":
        return files.realpath(...methods.realpath.args.parse(args));
      case "mkdir": {
        const [path, options] = methods.mkdir.args.parse(args);
        return files.mkdir(path, { recursive: options?.recursive === true });
      }
      case "remove": {
        const [path, options] = methods.remove.args.parse(args);
        return files.remove(path, { recursive: options?.recursive === true });
      }
      case "rename":
        return files.rename(...methods.rename.args.parse(args));
      case "chmod":
        return files.chmod(...methods.chmod.args.parse(args));
      case "scan": {
        const [path, { skip, since }] = methods.scan.args.parse(args);
        return files.scan(path, since === undefined ? { skip } : { skip, since });
      }
      case "spawn":
        return this.#spawn(id, args);
      case "processes":
        return this.#runtime.processes();
      case "signal":
        return this.#runtime.signal(...methods.signal.args.parse(args));
      case "usage":
        return this.#runtime.usage();
      case "dispose":
        return this.#runtime.dispose();
    }
  }

  async #spawn(id: number, args: unknown[]): Promise<unknown> {
    const [command, argv, { cwd, env, pty }] = methods.spawn.args.parse(args);
    const process = await this.#runtime.spawn(command, argv, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
      ...(pty === undefined ? {} : { pty }),
    });
    const served = new ServedProcess(id, process, this.#send, () => this.#processes.delete(id));
    this.#processes.set(id, served);
    return {
      id: process.id,
      hasStderr: process.stderr !== null,
      canResize: process.resize !== undefined,
    };
  }

  async #connect({ id, port }: Connect, channel: MessagePort): Promise<void> {
    try {
      const connection = await this.#runtime.connect(port);
      this.#send({ type: "result", id, value: undefined });
      joinChannel(connection, channel);
    } catch (error) {
      channel.close();
      this.#send({ type: "error", id, error: toWire(error) });
    }
  }

  #watch(id: number, path: string): void {
    try {
      const stop = this.#runtime.files.watch(path, (event) =>
        this.#send({ type: "event", watch: id, event }),
      );
      this.#watches.set(id, stop);
    } catch {
      // A path that cannot be looked at has no events; `watch` has no way to say so.
    }
  }
}
