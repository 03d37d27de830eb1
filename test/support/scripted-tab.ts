import { FrameChannel } from "#protocol/frame-channel.ts";
import { PROTOCOL_VERSION, type RelayFrame, SUBPROTOCOL, type TabFrame } from "#protocol/frames.ts";
import type { RuntimeState } from "#protocol/capabilities.ts";

/** A test that waits longer than this for a frame has failed. */
const PATIENCE_MS = 8_000;

export const readyRuntime: RuntimeState = {
  state: "ready",
  ports: [],
  root: "/workspace",
  capabilities: {
    kind: "embedded",
    separateStderr: true,
    signals: false,
    symlinks: true,
    pty: false,
    backgroundJobs: false,
    realNode: false,
    python: "none",
    previewWebSocket: false,
  },
};

type FrameOf<Type extends RelayFrame["type"]> = Extract<RelayFrame, { type: Type }>;

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A tab that does only what the test tells it, over a real WebSocket. */
export class ScriptedTab {
  readonly socket: WebSocket;
  /** Resolves when the relay has closed the connection. */
  readonly closed: Promise<Closed>;
  /** Every frame that came, in order. */
  readonly received: RelayFrame[] = [];
  /** Every text message that was no frame, in order. */
  readonly texts: string[] = [];
  /** Is told of every frame, besides. */
  onFrame: ((frame: RelayFrame) => void) | undefined;
  epoch = 0;
  readonly #channel = FrameChannel.ofTab((message) => this.socket.send(message));
  readonly #unread: RelayFrame[] = [];
  #wake: (() => void) | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
    });
  }

  /**
   * Opens the connection and says nothing.
   *
   * @param subprotocols offered besides the wire's own, for example a ticket
   * @param headers of the upgrade, for example the origin that a browser would send
   */
  static async open(
    url: URL,
    container: string,
    subprotocols: string[] = [],
    headers: Record<string, string> = {},
  ): Promise<ScriptedTab> {
    const target = new URL(`/relay/${container}`, url);
    target.protocol = target.protocol.replace("http", "ws");
    const tab = new ScriptedTab(openSocket(target, [SUBPROTOCOL, ...subprotocols], headers));
    await new Promise<void>((resolve, reject) => {
      tab.socket.addEventListener("open", () => resolve());
      tab.socket.addEventListener("error", () => reject(new Error("The socket did not open.")));
    });
    return tab;
  }

  /** Opens the connection, says hello and waits for the welcome. */
  static async attach(
    url: URL,
    container: string,
    runtime: RuntimeState = readyRuntime,
    held: string[] = [],
  ): Promise<ScriptedTab> {
    const tab = await ScriptedTab.open(url, container);
    tab.hello(runtime, held);
    await tab.welcome();
    return tab;
  }

  send(frame: TabFrame): void {
    this.#channel.send(frame);
  }

  hello(runtime: RuntimeState = readyRuntime, held: string[] = []): void {
    this.send({ type: "hello", protocol: PROTOCOL_VERSION, runtime, held });
  }

  async welcome(): Promise<FrameOf<"welcome">> {
    const frame = await this.next("welcome");
    this.epoch = frame.epoch;
    return frame;
  }

  claim(call: string, epoch = this.epoch): void {
    this.send({ type: "claim", call, epoch });
  }

  succeed(call: string, output: Record<string, unknown>, epoch = this.epoch): void {
    this.send({ type: "outcome", call, epoch, outcome: { ok: true, output } });
  }

  /** The next frame, which must be of this type. */
  async next<Type extends RelayFrame["type"]>(type: Type): Promise<FrameOf<Type>> {
    const late = Date.now() + PATIENCE_MS;
    for (;;) {
      const frame = this.#unread.shift();
      if (frame) {
        if (frame.type !== type) throw new Error(`Expected ${type}, got ${JSON.stringify(frame)}.`);
        return frame as FrameOf<Type>;
      }
      if (Date.now() >= late) throw new Error(`No ${type} frame came.`);
      await this.#message(late - Date.now());
    }
  }

  /** Takes an offer through claim and go; the call is then for the test to end. */
  async takeOffer(): Promise<FrameOf<"offer">> {
    const offer = await this.next("offer");
    this.claim(offer.call);
    await this.next("go");
    return offer;
  }

  /** Waits until the relay has handled everything that was sent before. */
  async settle(): Promise<void> {
    const probe = `probe-${crypto.randomUUID()}`;
    this.succeed(probe, {});
    while ((await this.next("ack")).call !== probe);
  }

  /** Frames that nobody has looked at. */
  get unread(): readonly RelayFrame[] {
    return this.#unread;
  }

  async close(): Promise<void> {
    this.socket.close(1000);
    await this.closed;
  }

  #receive(data: unknown): void {
    if (data === "pong") {
      this.texts.push(data);
    } else {
      const frame = this.#channel.receive(data as string | ArrayBuffer);
      if (frame) {
        this.received.push(frame);
        this.#unread.push(frame);
        this.onFrame?.(frame);
      }
    }
    this.#wake?.();
  }

  async #message(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}

/** Node's WebSocket takes headers, which the DOM's type does not know. */
function openSocket(url: URL, protocols: string[], headers: Record<string, string>): WebSocket {
  const options: unknown = { protocols, headers };
  return new WebSocket(url, options as string[]);
}
