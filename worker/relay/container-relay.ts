import { DurableObject } from "cloudflare:workers";
import { FrameEncoder, FrameError } from "#protocol/codec.ts";
import {
  CloseCode,
  type Outcome,
  PING,
  PONG,
  type RelayFrame,
  SUBPROTOCOL,
} from "#protocol/frames.ts";
import { findOperation } from "#protocol/registry.ts";
import type { McpCaller } from "../mcp/caller.ts";
import { createRelayMcp, type McpEndpoint } from "../mcp/endpoint.ts";
import type { CallEffect } from "./call.ts";
import { emptyLedger, type Ledger, type LedgerEvent, nextEnd, step } from "./call-ledger.ts";
import { CallRows } from "./call-rows.ts";
import { closeSocket, isSendable } from "./close-socket.ts";
import { Inbox } from "./inbox.ts";
import type { Attachment, CallRequest } from "./link.ts";
import { type RecentCall, RecentCalls } from "./recent-calls.ts";
import { SIGN_IN_HEADER } from "./sign-in-header.ts";
import { Sockets } from "./sockets.ts";
import {
  attachmentOf,
  type Link,
  type LinkEffect,
  type LinkEvent,
  nextHelloTimeout,
  stepLink,
} from "./tab-link.ts";

/** Where the last attach is kept: its epoch, and the name that an object woken by its alarm lacks. */
const LAST_ATTACH_KEY = "last_attach";

interface LastAttach {
  readonly epoch: number;
  readonly container: string;
}

/**
 * The relay of one container, named by the container's id. It owns sockets, rows, timers and the
 * callers that wait; what happens to a call or a connection is decided in call-ledger.ts and
 * tab-link.ts.
 */
export class ContainerRelay extends DurableObject<Env> {
  readonly #sockets: Sockets;
  readonly #rows: CallRows;
  readonly #recent: RecentCalls;
  readonly #mcp: McpEndpoint;
  readonly #waiting = new Map<string, ((outcome: Outcome) => void)[]>();
  readonly #inboxes = new Map<string, Inbox>();
  readonly #encoders = new Map<string, FrameEncoder>();
  #link: Link;
  #ledger: Ledger;
  #timer: { readonly at: number; readonly id: ReturnType<typeof setTimeout> } | undefined;
  #alarmAt: number | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    this.#sockets = new Sockets(ctx);
    this.#rows = new CallRows(ctx.storage.sql);
    this.#recent = new RecentCalls(ctx.storage.sql);
    this.#mcp = createRelayMcp(this, ctx.storage.sql, env);
    const last = ctx.storage.kv.get<LastAttach>(LAST_ATTACH_KEY);
    this.#link = {
      container: ctx.id.name ?? last?.container ?? "",
      epoch: last?.epoch ?? 0,
      connections: this.#sockets.awaken(),
    };
    this.#ledger = {
      ...emptyLedger,
      tab: attachmentOf(this.#link),
      calls: this.#rows.restore(),
    };
    this.#arm();
  }

  /**
   * The tab's WebSocket upgrade. The worker has checked Origin and ticket before it forwards it, and
   * names the sign-in that the ticket came from.
   */
  override fetch(request: Request): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const connection = crypto.randomUUID();
    this.#sockets.accept(server, connection, request.headers.get(SIGN_IN_HEADER) ?? "");
    this.#onLink({ type: "opened", connection });
    return new Response(null, {
      status: 101,
      webSocket: client,
      headers: { "Sec-WebSocket-Protocol": SUBPROTOCOL },
    });
  }

  /**
   * Runs one call and waits for its outcome, which comes within CALL_WAIT_MAX_MS.
   *
   * @param id random; the same id again joins the first call
   */
  call(id: string, request: CallRequest): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve]);
    this.#tick();
    const changing = !findOperation(request.operation)?.hints.readOnly;
    this.#onLedger({ type: "accept", call: id, request, changing });
    return promise.then((outcome) => {
      this.#recent.note(id, request, outcome, Date.now());
      return outcome;
    });
  }

  /** Cancels a call: before `go` it never runs, afterwards the tab is asked to stop it. */
  cancel(id: string): void {
    this.#onLedger({ type: "cancel", call: id });
  }

  attachment(): Attachment {
    this.#tick();
    return attachmentOf(this.#link);
  }

  /** The changing calls that ended last. */
  recent(): RecentCall[] {
    return this.#recent.list(Date.now());
  }

  /** One request of the MCP face, which the worker has authenticated. */
  mcp(request: Request, caller: McpCaller): Promise<Response> {
    return this.#mcp.handle(request, caller);
  }

  /**
   * Closes the connections that a sign-in opened, or all of them, because it has ended [OPEN-5].
   *
   * @param signIn id of the sign-in; null: every one
   */
  signOut(signIn: string | null): void {
    for (const connection of this.#sockets.connectionsOf(signIn)) {
      this.#close(connection, CloseCode.signedOut, "The sign-in has ended.");
      this.#onClosed(connection);
    }
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const connection = this.#sockets.connectionOf(socket);
    // A connection that was closed may still deliver what was on its way.
    if (!this.#link.connections.has(connection)) return;
    const inbox = this.#inboxes.get(connection) ?? new Inbox();
    this.#inboxes.set(connection, inbox);
    const received = inbox.receive(message);
    if (received.type !== "partial") this.#onLink({ ...received, connection });
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    closeSocket(socket, isSendable(code) ? code : 1000, "");
    this.#onClosed(this.#sockets.connectionOf(socket));
  }

  override webSocketError(socket: WebSocket): void {
    this.#onClosed(this.#sockets.connectionOf(socket));
  }

  /** Ends the calls of an object that died with them. */
  override alarm(): void {
    this.#alarmAt = undefined;
    this.#tick();
  }

  #tick(): void {
    this.#onLink({ type: "tick", heard: this.#sockets.lastPings(this.#link.connections.keys()) });
    this.#onLedger({ type: "tick" });
  }

  #onClosed(connection: string): void {
    this.#forgetConnection(connection);
    this.#onLink({ type: "closed", connection });
  }

  #onLink(event: LinkEvent): void {
    const { link, effects } = stepLink(this.#link, event, Date.now());
    this.#link = link;
    for (const effect of effects) this.#runLinkEffect(effect);
    this.#arm();
  }

  #onLedger(event: LedgerEvent): void {
    const { ledger, effects } = step(this.#ledger, event, Date.now());
    this.#ledger = ledger;
    for (const effect of effects) this.#runCallEffect(effect);
    this.#arm();
  }

  #runLinkEffect(effect: LinkEffect): void {
    switch (effect.type) {
      case "keep_epoch":
        return this.#keepAttach({ epoch: effect.epoch, container: this.#link.container });
      case "keep":
        return this.#sockets.of(effect.connection)?.serializeAttachment(effect.as);
      case "send":
        return this.#send(effect.connection, effect.frame);
      case "close":
        return this.#close(effect.connection, effect.code, effect.reason);
      default:
        return this.#onLedger(effect);
    }
  }

  #keepAttach(attach: LastAttach): void {
    this.ctx.storage.kv.put(LAST_ATTACH_KEY, attach);
  }

  #runCallEffect(effect: CallEffect): void {
    switch (effect.type) {
      case "persist":
        return this.#rows.put(effect.call);
      case "forget":
        return this.#rows.delete(effect.call);
      case "send":
        return this.#sendToTab(effect.frame);
      case "settle":
        for (const resolve of this.#waiting.get(effect.call) ?? []) resolve(effect.outcome);
        this.#waiting.delete(effect.call);
    }
  }

  #sendToTab(frame: RelayFrame): void {
    for (const [id, { state }] of this.#link.connections) {
      if (state === "attached") this.#send(id, frame);
    }
  }

  #send(connection: string, frame: RelayFrame): void {
    const encoder = this.#encoders.get(connection) ?? new FrameEncoder();
    this.#encoders.set(connection, encoder);
    try {
      for (const message of encoder.encode(frame)) this.#sockets.of(connection)?.send(message);
    } catch (error) {
      // Anything but an oversized frame is a socket that is just closing; its close event follows.
      if (error instanceof FrameError && "call" in frame) {
        this.#onLedger({ type: "unsendable", call: frame.call });
      }
    }
  }

  #close(connection: string, code: number, reason: string): void {
    this.#forgetConnection(connection);
    this.#sockets.close(connection, code, reason);
  }

  #forgetConnection(connection: string): void {
    this.#inboxes.delete(connection);
    this.#encoders.delete(connection);
  }

  /**
   * While the object lives, one timer ends what is overdue; it is cleared when nothing waits, because
   * a timer that is left keeps the object from sleeping. The alarm is for an object that dies with
   * rows. It is never moved later or deleted: each of that is a write, and an early alarm does nothing.
   */
  #arm(): void {
    const end = nextEnd(this.#ledger);
    const at = Math.min(end ?? Infinity, nextHelloTimeout(this.#link) ?? Infinity);
    if (at !== this.#timer?.at) {
      clearTimeout(this.#timer?.id ?? null);
      this.#timer = undefined;
      if (at !== Infinity) {
        const id = setTimeout(() => this.#onTimer(), Math.max(0, at - Date.now()));
        this.#timer = { at, id };
      }
    }
    const rowEnd = nextEnd(this.#changingCalls());
    if (rowEnd === undefined || rowEnd >= (this.#alarmAt ?? Infinity)) return;
    this.#alarmAt = rowEnd;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(rowEnd));
  }

  #onTimer(): void {
    this.#timer = undefined;
    this.#tick();
  }

  #changingCalls(): Ledger {
    const calls = new Map([...this.#ledger.calls].filter(([, call]) => call.changing));
    return { ...this.#ledger, calls };
  }
}
