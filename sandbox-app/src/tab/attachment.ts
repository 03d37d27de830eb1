import type { RuntimeState } from "#protocol/capabilities.ts";
import { PROTOCOL_VERSION, type RelayFrame, type TabFrame } from "#protocol/frames.ts";
import { PORTS_MAX } from "#protocol/limits.ts";
import type { Clock } from "../connection/clock.ts";
import { Checkpoints, randomCheckpointId } from "../checkpoints/checkpoints.ts";
import { type Agreed, undoCall, type Undone } from "../checkpoints/undo-call.ts";
import { Connection } from "../connection/connection.ts";
import type { OpenSocket } from "../connection/socket.ts";
import type { FetchTicket } from "../connection/ticket.ts";
import type { TabHandlers } from "../dispatch/context.ts";
import { CommandBook, randomId } from "../dispatch/commands/command-book.ts";
import { Dispatcher } from "../dispatch/dispatcher.ts";
import { CallBook, CALLS_HELD_MAX } from "../journal/call-book.ts";
import type { JournalStorage } from "../journal/storage.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { TabEvent } from "./events.ts";

/** Longest words about the runtime that a frame may carry (RuntimeState). */
const STAGE_MAX_CHARS = 200;
const MESSAGE_MAX_CHARS = 2_000;

/** Ports that open and close within this many milliseconds are told together. */
const PORTS_REPORT_MS = 50;

export interface AttachmentOptions {
  readonly container: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly fetchTicket: FetchTicket;
  readonly openSocket: OpenSocket;
  readonly handlers: TabHandlers;
  readonly storage: JournalStorage;
  /** Tells the page. */
  readonly tell: (event: TabEvent) => void;
}

/**
 * A container's tab as the relay sees it: the connection, the dispatcher and the runtime's state,
 * put together. It connects as soon as the container is its own, while the files are still read; the
 * hello says how far the boot is.
 */
export class Attachment {
  readonly #tell: (event: TabEvent) => void;
  readonly #clock: Clock;
  readonly #book: CallBook;
  readonly #connection: Connection;
  readonly #dispatcher: Dispatcher;
  #state: RuntimeState = { state: "booting", stage: "starting" };
  /** What the relay heard last on this connection. */
  #told: RuntimeState | undefined;
  #commands: CommandBook | undefined;
  #checkpoints: Checkpoints | undefined;
  #forgetRuntime: (() => void) | undefined;
  #isStopped = false;

  constructor(options: AttachmentOptions) {
    const { clock, handlers, storage, tell, ...link } = options;
    this.#tell = tell;
    this.#clock = clock;
    this.#book = new CallBook(storage);
    this.#dispatcher = new Dispatcher({
      handlers,
      clock,
      book: this.#book,
      send: (frame) => this.#connection.send(frame),
      emit: (call) => tell({ kind: "call", call }),
    });
    this.#connection = new Connection({
      ...link,
      clock,
      hello: () => this.#hello(),
      onFrame: (frame) => this.#receive(frame),
      onLink: (state) => tell({ kind: "link", link: state }),
    });
  }

  /** Connects, after what an earlier tab left in the journal has been read. */
  async start(): Promise<void> {
    await this.#book.recover();
    if (!this.#isStopped) this.#connection.start();
  }

  booting(stage: string): void {
    this.#become({ state: "booting", stage: stage.slice(0, STAGE_MAX_CHARS) });
  }

  /** Calls run from now on [STATE-1]. */
  ready(runtime: Runtime): void {
    const { capabilities, root } = runtime;
    const forgetError = runtime.onError((error) => this.failed(error.message));
    const commands = new CommandBook({ clock: this.#clock, newId: randomId });
    this.#commands = commands;
    const checkpoints = new Checkpoints({
      runtime,
      now: () => this.#clock.now(),
      newId: randomCheckpointId,
    });
    this.#checkpoints = checkpoints;
    this.#dispatcher.setRuntime({ state: "ready", runtime, commands, checkpoints });
    this.#become({ state: "ready", capabilities, root, ports: [] });
    const forgetPorts = this.#followPorts(runtime);
    this.#forgetRuntime = () => {
      forgetError();
      forgetPorts();
    };
  }

  /** The runtime could not start, or has failed; calls are refused with `runtime_failed`. */
  failed(message: string): void {
    const shown = message.slice(0, MESSAGE_MAX_CHARS);
    this.#dispatcher.setRuntime({ state: "error", message: shown });
    this.#commands?.dispose();
    this.#become({ state: "error", message: shown });
  }

  /** The person takes back what a call has changed. */
  async undo(checkpoint: string, agreed: Agreed): Promise<Undone> {
    if (this.#state.state !== "ready" || this.#checkpoints === undefined) {
      return { state: "failed", message: "The container is not running.", redo: null };
    }
    return undoCall(this.#checkpoints, checkpoint, agreed);
  }

  online(): void {
    this.#connection.online();
  }

  takeBack(): void {
    this.#connection.takeBack();
  }

  reconnectNow(): void {
    this.#connection.reconnectNow();
  }

  stop(): void {
    this.#isStopped = true;
    this.#forgetRuntime?.();
    this.#dispatcher.dispose();
    this.#commands?.dispose();
    this.#connection.stop();
  }

  #become(state: RuntimeState): void {
    this.#state = state;
    this.#tell({ kind: "runtime", runtime: state });
    this.#report();
  }

  #followPorts(runtime: Runtime): () => void {
    const open = new Set<number>();
    let cancel: (() => void) | undefined;
    const report = (): void => {
      cancel = undefined;
      if (this.#state.state !== "ready") return;
      const ports = [...open].toSorted((one, other) => one - other).slice(0, PORTS_MAX);
      this.#become({ ...this.#state, ports });
    };
    const forget = runtime.onPort(({ type, port }) => {
      if (type === "opened") open.add(port);
      else open.delete(port);
      cancel ??= this.#clock.after(PORTS_REPORT_MS, report);
    });
    return () => {
      cancel?.();
      forget();
    };
  }

  #hello(): Extract<TabFrame, { type: "hello" }> {
    const held = this.#book.held().slice(0, CALLS_HELD_MAX);
    this.#told = this.#state;
    return { type: "hello", protocol: PROTOCOL_VERSION, runtime: this.#state, held };
  }

  #receive(frame: RelayFrame): void {
    this.#dispatcher.receive(frame);
    // The runtime may have changed between hello and welcome.
    if (frame.type === "welcome") this.#report();
  }

  #report(): void {
    const { epoch } = this.#connection;
    if (epoch === null || this.#told === this.#state) return;
    this.#told = this.#state;
    this.#connection.send({ type: "runtime", epoch, runtime: this.#state });
  }
}
