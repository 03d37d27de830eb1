import * as z from "zod";
import { RuntimeState } from "./capabilities.ts";
import { ErrorBody } from "./errors.ts";
import { CLIENT_NAME_MAX_CHARS, PROGRESS_LINE_MAX_CHARS } from "./limits.ts";

/** Version of the wire; the hello carries it and another one is refused (SPEC rule HELLO-3). */
export const PROTOCOL_VERSION = 1;

/** WebSocket subprotocol that the relay selects (RFC 6455, section 4.2.2). */
export const SUBPROTOCOL = `disco.v${PROTOCOL_VERSION}`;

/** The ticket travels as a second subprotocol, because URLs end up in logs. */
export const TICKET_SUBPROTOCOL_PREFIX = "disco.ticket.";

/** Heartbeat of the tab and its answer; plain text so that the relay can answer it asleep. */
export const PING = "ping";
export const PONG = "pong";

/** Why a connection was closed for good or for now (RFC 6455, section 7.4.2: 4000-4999 private). */
export const CloseCode = {
  /** A frame broke the protocol. The tab may connect again. */
  badFrame: 4400,
  /** The sign-in that the tab came in with has ended. Its next ticket is refused, which tells it. */
  signedOut: 4401,
  /** No hello in time, or no heartbeat. The tab may connect again. */
  silent: 4408,
  /** Another tab attached to this container. The tab stays down until the person takes it back. */
  takenOver: 4409,
  /** The container was deleted. The tab stays down, and deletes what the browser keeps of it. */
  deleted: 4410,
  /** The page is of another version. The tab stays down until it is reloaded. */
  versionMismatch: 4426,
} as const;

const callId = z.string().min(8).max(64).describe("Random id that the relay gave the call.");
const epoch = z.int().positive();

/** What a tab runs: the operation's name and its input, and how long it may take. */
const work = {
  call: callId,
  epoch,
  operation: z.string().max(64),
  input: z.record(z.string(), z.unknown()),
  /** Milliseconds left; a duration, because the two clocks differ. */
  timeout_ms: z.int().positive(),
  client: z.string().max(CLIENT_NAME_MAX_CHARS),
  /** Somebody wants to know how it goes on (SPEC rule CALL-12). */
  progress: z.boolean().optional(),
};

export const Outcome = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), output: z.record(z.string(), z.unknown()) }),
  z.object({ ok: z.literal(false), error: ErrorBody }),
]);
export type Outcome = z.infer<typeof Outcome>;

/** Tab to relay. */
export const TabFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hello"),
    protocol: z.int(),
    runtime: RuntimeState,
    /** Calls that this tab runs, or whose outcomes it keeps and sends after the welcome. */
    held: z.array(callId).max(1_000),
  }),
  z.object({ type: z.literal("runtime"), epoch, runtime: RuntimeState }),
  z.object({ type: z.literal("claim"), call: callId, epoch }),
  z.object({
    type: z.literal("progress"),
    call: callId,
    epoch,
    text: z.string().min(1).max(PROGRESS_LINE_MAX_CHARS),
  }),
  z.object({ type: z.literal("outcome"), call: callId, epoch, outcome: Outcome }),
]);
export type TabFrame = z.infer<typeof TabFrame>;

/** Relay to tab. */
export const RelayFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("welcome"), epoch, container: z.string() }),
  z.object({ type: z.literal("call"), ...work }),
  z.object({ type: z.literal("offer"), ...work }),
  z.object({ type: z.literal("go"), call: callId, epoch }),
  z.object({ type: z.literal("cancel"), call: callId, epoch }),
  z.object({ type: z.literal("ack"), call: callId }),
]);
export type RelayFrame = z.infer<typeof RelayFrame>;

export type WorkFrame = Extract<RelayFrame, { type: "call" | "offer" }>;
