import { FrameError } from "#protocol/codec.ts";
import { FrameChannel } from "#protocol/frame-channel.ts";
import type { RelayFrame, TabFrame } from "#protocol/frames.ts";
import { PING, PONG, SUBPROTOCOL, TICKET_SUBPROTOCOL_PREFIX } from "#protocol/frames.ts";

/** What one socket tells; nothing comes after `closed`, or after `close()` was called. */
export interface SocketListener {
  opened(): void;
  /** Anything arrived, also the answer to a ping. */
  heard(): void;
  frame(frame: RelayFrame): void;
  /** The relay sent what is no frame; the owner closes. */
  broken(reason: string): void;
  /** @param code of the WebSocket (RFC 6455, section 7.4) */
  closed(code: number): void;
}

export interface RelaySocket {
  /** @throws FrameError when the frame is above FRAME_MAX_BYTES */
  send(frame: TabFrame): void;
  ping(): void;
  close(code: number): void;
}

export type OpenSocket = (url: string, ticket: string, listener: SocketListener) => RelaySocket;

/** The close code that a browser reports when there was none (RFC 6455, section 7.1.5). */
const ABNORMAL_CLOSURE = 1006;

/**
 * Opens a connection to the relay; frames in, frames out [OPEN-1].
 *
 * The state is the browser's: messages sent before `opened` or after the end are dropped, because
 * the outcome that they carry is kept until it is acknowledged.
 */
export const openSocket: OpenSocket = (url, ticket, listener) => {
  const socket = new WebSocket(url, [SUBPROTOCOL, TICKET_SUBPROTOCOL_PREFIX + ticket]);
  socket.binaryType = "arraybuffer";
  const channel = FrameChannel.ofTab((message) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(message);
  });
  let ended = false;

  socket.addEventListener("open", () => {
    if (!ended) listener.opened();
  });
  socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (ended) return;
    listener.heard();
    if (data === PONG) return;
    const received = receive(channel, data);
    if (received instanceof FrameError) listener.broken(received.message);
    else if (received) listener.frame(received);
  });
  socket.addEventListener("close", ({ code }) => {
    if (ended) return;
    ended = true;
    listener.closed(code === 0 ? ABNORMAL_CLOSURE : code);
  });

  return {
    send(frame) {
      channel.send(frame);
    },
    ping() {
      if (socket.readyState === WebSocket.OPEN) socket.send(PING);
    },
    close(code) {
      ended = true;
      socket.close(code);
    },
  };
};

function receive(
  channel: FrameChannel<RelayFrame>,
  data: string | ArrayBuffer,
): RelayFrame | FrameError | undefined {
  try {
    return channel.receive(data);
  } catch (error) {
    if (error instanceof FrameError) return error;
    throw error;
  }
}
