import * as z from "zod";
import { RuntimeState } from "#protocol/capabilities.ts";
import { CloseCode, PROTOCOL_VERSION, type RelayFrame, type TabFrame } from "#protocol/frames.ts";
import { HEARTBEAT_LOST_MS, HELLO_TIMEOUT_MS } from "#protocol/limits.ts";
import type { Attachment } from "./link.ts";

/** One connection's state; it is kept with the WebSocket, so that it survives hibernation. */
export const Connection = z.discriminatedUnion("state", [
  z.object({ state: z.literal("awaiting_hello"), openedAt: z.number() }),
  z.object({
    state: z.literal("attached"),
    attachedAt: z.number(),
    epoch: z.int().positive(),
    runtime: RuntimeState,
  }),
]);
export type Connection = z.infer<typeof Connection>;

/** The open connections of one container; at most one of them is attached. */
export interface Link {
  readonly container: string;
  /** The last epoch that was given; 0 before the first. */
  readonly epoch: number;
  readonly connections: ReadonlyMap<string, Connection>;
  /** Nobody attaches any more. */
  readonly isDeleted: boolean;
}

export type LinkEvent =
  | { readonly type: "opened"; readonly connection: string }
  | { readonly type: "frame"; readonly connection: string; readonly frame: TabFrame }
  | { readonly type: "bad_message"; readonly connection: string }
  /** A hello of another protocol version, whose shape is therefore unknown. */
  | { readonly type: "foreign_hello"; readonly connection: string }
  | { readonly type: "closed"; readonly connection: string }
  | { readonly type: "deleted" }
  /** `heard`: time of each connection's last ping. */
  | { readonly type: "tick"; readonly heard: ReadonlyMap<string, number> };

/** What the shell must do, in this order. */
export type LinkEffect =
  | { readonly type: "keep_epoch"; readonly epoch: number }
  | { readonly type: "keep"; readonly connection: string; readonly as: Connection }
  | { readonly type: "send"; readonly connection: string; readonly frame: RelayFrame }
  | {
      readonly type: "close";
      readonly connection: string;
      readonly code: number;
      readonly reason: string;
    }
  /** For the ledger: who is attached now; and in a hello, the calls that this tab holds. */
  | { readonly type: "tab"; readonly tab: Attachment; readonly held?: readonly string[] }
  | { readonly type: "deleted" }
  | { readonly type: "claim"; readonly call: string }
  /** For those who wait for the call. */
  | { readonly type: "progress"; readonly call: string; readonly text: string }
  | {
      readonly type: "outcome";
      readonly call: string;
      readonly outcome: Extract<TabFrame, { type: "outcome" }>["outcome"];
    };

export interface LinkStep {
  readonly link: Link;
  readonly effects: readonly LinkEffect[];
}

/**
 * The connections as a function of state and event (SPEC rules OPEN-4, HELLO, EPOCH, STATE, BEAT-2,
 * GONE-1).
 *
 * @param now milliseconds since the epoch
 */
export function stepLink(link: Link, event: LinkEvent, now: number): LinkStep {
  if (event.type === "tick") return tick(link, event.heard, now);
  if (event.type === "deleted") return deleteAll(link);
  if (event.type === "opened") {
    if (link.isDeleted) return { link, effects: [gone(event.connection)] };
    return put(link, event.connection, { state: "awaiting_hello", openedAt: now });
  }
  const connection = link.connections.get(event.connection);
  // Late messages of a connection that was closed have no effect.
  if (!connection) return { link, effects: [] };
  switch (event.type) {
    case "closed":
      return drop(link, event.connection);
    case "bad_message":
      return shut(link, event.connection, CloseCode.badFrame, "A message was no frame.");
    case "foreign_hello":
      return versionMismatch(link, event.connection);
    case "frame":
      return connection.state === "attached"
        ? onAttachedFrame(link, event.connection, connection, event.frame)
        : onFirstFrame(link, event.connection, event.frame, now);
  }
}

/** Who is attached. */
export function attachmentOf(link: Link): Attachment {
  for (const connection of link.connections.values()) {
    if (connection.state === "attached") {
      return { attached: true, epoch: connection.epoch, runtime: connection.runtime };
    }
  }
  return { attached: false };
}

/** When the next hello is overdue; undefined when none is awaited. Milliseconds since the epoch. */
export function nextHelloTimeout(link: Link): number | undefined {
  let next: number | undefined;
  for (const connection of link.connections.values()) {
    if (connection.state !== "awaiting_hello") continue;
    next = Math.min(next ?? Infinity, connection.openedAt + HELLO_TIMEOUT_MS);
  }
  return next;
}

function onFirstFrame(link: Link, id: string, frame: TabFrame, now: number): LinkStep {
  if (frame.type !== "hello") {
    return shut(link, id, CloseCode.badFrame, "The first frame must be hello.");
  }
  if (frame.protocol !== PROTOCOL_VERSION) return versionMismatch(link, id);
  const epoch = link.epoch + 1;
  const connection: Connection = {
    state: "attached",
    attachedAt: now,
    epoch,
    runtime: frame.runtime,
  };
  const connections = new Map(link.connections);
  const takeOver: LinkEffect[] = [];
  for (const [other, { state }] of link.connections) {
    if (state !== "attached") continue;
    connections.delete(other);
    takeOver.push(closing(other, CloseCode.takenOver, "Another tab attached."));
  }
  connections.set(id, connection);
  const next = { ...link, epoch, connections };
  return {
    link: next,
    effects: [
      { type: "keep_epoch", epoch },
      { type: "keep", connection: id, as: connection },
      ...takeOver,
      {
        type: "send",
        connection: id,
        frame: { type: "welcome", epoch, container: link.container },
      },
      { type: "tab", tab: attachmentOf(next), held: frame.held },
    ],
  };
}

function onAttachedFrame(
  link: Link,
  id: string,
  connection: Extract<Connection, { state: "attached" }>,
  frame: TabFrame,
): LinkStep {
  if (frame.type === "hello") {
    return shut(link, id, CloseCode.badFrame, "There is one hello per connection.");
  }
  if (frame.epoch !== connection.epoch) return { link, effects: [] };
  switch (frame.type) {
    case "runtime": {
      const kept = put(link, id, { ...connection, runtime: frame.runtime });
      const tab = { type: "tab", tab: attachmentOf(kept.link) } as const;
      return { link: kept.link, effects: [...kept.effects, tab] };
    }
    case "claim":
      return { link, effects: [{ type: "claim", call: frame.call }] };
    case "progress":
      return { link, effects: [{ type: "progress", call: frame.call, text: frame.text }] };
    case "outcome": {
      const { call, outcome } = frame;
      const ack = { type: "send", connection: id, frame: { type: "ack", call } } as const;
      return { link, effects: [{ type: "outcome", call, outcome }, ack] };
    }
  }
}

function tick(link: Link, heard: ReadonlyMap<string, number>, now: number): LinkStep {
  let next: LinkStep = { link, effects: [] };
  for (const [id, connection] of link.connections) {
    const overdue =
      connection.state === "awaiting_hello"
        ? now - connection.openedAt >= HELLO_TIMEOUT_MS
        : now - Math.max(connection.attachedAt, heard.get(id) ?? 0) > HEARTBEAT_LOST_MS;
    if (!overdue) continue;
    const what = connection.state === "awaiting_hello" ? "hello" : "heartbeat";
    const closed = shut(next.link, id, CloseCode.silent, `No ${what} in time.`);
    next = { link: closed.link, effects: [...next.effects, ...closed.effects] };
  }
  return next;
}

/** Everybody is told; the effects for the ledger come first, so that no call hopes for another tab. */
function deleteAll(link: Link): LinkStep {
  const closings = [...link.connections.keys()].map(gone);
  return {
    link: { ...link, connections: new Map(), isDeleted: true },
    effects: [{ type: "deleted" }, ...closings],
  };
}

function gone(connection: string): LinkEffect {
  return closing(connection, CloseCode.deleted, "The container was deleted.");
}

function versionMismatch(link: Link, id: string): LinkStep {
  return shut(link, id, CloseCode.versionMismatch, "The page is of another version: reload it.");
}

function shut(link: Link, id: string, code: number, reason: string): LinkStep {
  const dropped = drop(link, id);
  return { link: dropped.link, effects: [closing(id, code, reason), ...dropped.effects] };
}

function drop(link: Link, id: string): LinkStep {
  const connections = new Map(link.connections);
  connections.delete(id);
  const wasAttached = link.connections.get(id)?.state === "attached";
  const effects: LinkEffect[] = wasAttached ? [{ type: "tab", tab: { attached: false } }] : [];
  return { link: { ...link, connections }, effects };
}

function put(link: Link, id: string, connection: Connection): LinkStep {
  const connections = new Map(link.connections).set(id, connection);
  const effects: LinkEffect[] = [{ type: "keep", connection: id, as: connection }];
  return { link: { ...link, connections }, effects };
}

function closing(connection: string, code: number, reason: string): LinkEffect {
  return { type: "close", connection, code, reason };
}
