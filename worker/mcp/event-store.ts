import {
  type EventStore,
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
} from "@modelcontextprotocol/server";

export interface KeptEvent {
  readonly number: number;
  readonly message: JSONRPCMessage;
}

/**
 * The events of one session. The transport is not told to which stream an id belongs: it would refuse
 * to go on with a stream while it has not noticed that the client's connection broke.
 */
export interface SessionEvents extends Omit<EventStore, "getStreamIdForEventId"> {
  /** Whether what followed this event is known, or still to come. */
  knows(eventId: string): boolean;
}

/** Where the events of one session are kept. */
export interface KeptEvents {
  /** @returns its number, greater than that of every event before */
  put(stream: string, message: JSONRPCMessage): number;
  after(stream: string, number: number): KeptEvent[];
}

/** `{stream}.{number}`; before the first event that is kept, the number is 0. */
const EVENT_ID = /^([0-9A-Za-z_-]{1,64})\.(\d{1,15})$/;

/**
 * The events of one session as its transport wants them (MCP 2025-11-25, transports, "Resumability and
 * Redelivery"). An event is kept when its client can ask for it, which is when the stream gave an id
 * before: an answer that comes alone costs no write.
 */
export function createEventStore(kept: KeptEvents): SessionEvents {
  /** Streams that gave an id and have not ended. */
  const begun = new Set<string>();
  return {
    storeEvent(stream, message) {
      const isEnd = isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message);
      // The transport begins a stream with an event that holds nothing but its id.
      const isAlone = isEnd ? !begun.has(stream) : !("method" in message);
      if (isEnd) begun.delete(stream);
      else begun.add(stream);
      return Promise.resolve(`${stream}.${isAlone ? 0 : putSafely(kept, stream, message)}`);
    },
    knows(id) {
      const [, stream = "", number] = EVENT_ID.exec(id) ?? [];
      return begun.has(stream) || kept.after(stream, Number(number ?? 0) - 1).length > 0;
    },
    async replayEventsAfter(id, { send }) {
      const [, stream = "", number = "0"] = EVENT_ID.exec(id) ?? [];
      for (const event of kept.after(stream, Number(number))) {
        await send(`${stream}.${event.number}`, event.message);
      }
      return stream;
    },
  };
}

/** What cannot be kept is sent all the same. */
function putSafely(kept: KeptEvents, stream: string, message: JSONRPCMessage): number {
  try {
    return kept.put(stream, message);
  } catch {
    // The container was deleted meanwhile, and its storage with it.
    return 0;
  }
}
