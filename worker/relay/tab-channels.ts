import * as z from "zod";
import { FrameError } from "#protocol/codec.ts";
import { FrameChannel } from "#protocol/frame-channel.ts";
import { PROTOCOL_VERSION, type RelayFrame, type TabFrame } from "#protocol/frames.ts";

/** What one message of the tab turned out to be. */
export type Received =
  | { readonly type: "frame"; readonly frame: TabFrame }
  /** A fragment whose frame is not complete, or credit. */
  | { readonly type: "partial" }
  | { readonly type: "foreign_hello" }
  | { readonly type: "bad_message" };

/** A hello of any version: the one thing that versions of the wire have in common. */
const AnyHello = z.object({ type: z.literal("hello"), protocol: z.int() });

/** The channel of each connection that this object has used since it woke. */
export class TabChannels {
  readonly #socketOf: (connection: string) => WebSocket | undefined;
  readonly #channels = new Map<string, FrameChannel<TabFrame>>();

  constructor(socketOf: (connection: string) => WebSocket | undefined) {
    this.#socketOf = socketOf;
  }

  /** @throws FrameError when the frame is above FRAME_MAX_BYTES */
  send(connection: string, frame: RelayFrame): void {
    this.#of(connection).send(frame);
  }

  /**
   * Reads one message. Half received frames are lost when the object sleeps: their last fragment is
   * then no frame, the connection is closed, and the tab sends its outcomes again.
   */
  receive(connection: string, message: string | ArrayBuffer): Received {
    try {
      const frame = this.#of(connection).receive(message);
      return frame ? { type: "frame", frame } : { type: "partial" };
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      return isForeignHello(message) ? { type: "foreign_hello" } : { type: "bad_message" };
    }
  }

  forget(connection: string): void {
    this.#channels.delete(connection);
  }

  #of(connection: string): FrameChannel<TabFrame> {
    const known = this.#channels.get(connection);
    if (known) return known;
    const channel = FrameChannel.ofRelay((message) => {
      try {
        this.#socketOf(connection)?.send(message);
      } catch {
        // It is just closing; its close event follows.
      }
    });
    this.#channels.set(connection, channel);
    return channel;
  }
}

function isForeignHello(message: string | ArrayBuffer): boolean {
  if (typeof message !== "string") return false;
  try {
    const hello = AnyHello.safeParse(JSON.parse(message));
    return hello.success && hello.data.protocol !== PROTOCOL_VERSION;
  } catch {
    return false;
  }
}
