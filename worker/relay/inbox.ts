import * as z from "zod";
import { FrameDecoder, FrameError } from "#protocol/codec.ts";
import { PROTOCOL_VERSION, type TabFrame } from "#protocol/frames.ts";

/** What one message of the tab turned out to be. */
export type Received =
  | { readonly type: "frame"; readonly frame: TabFrame }
  /** A fragment; more of its frame must come. */
  | { readonly type: "partial" }
  | { readonly type: "foreign_hello" }
  | { readonly type: "bad_message" };

/** A hello of any version: the one thing that versions of the wire have in common. */
const AnyHello = z.object({ type: z.literal("hello"), protocol: z.int() });

/**
 * Reads the messages of one connection. Half received frames are lost when the object sleeps: their
 * last fragment is then no frame, the connection is closed, and the tab sends its outcomes again.
 */
export class Inbox {
  readonly #decoder = FrameDecoder.forRelay();

  receive(message: string | ArrayBuffer): Received {
    try {
      const frame = this.#decoder.push(message);
      return frame ? { type: "frame", frame } : { type: "partial" };
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      return isForeignHello(message) ? { type: "foreign_hello" } : { type: "bad_message" };
    }
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
