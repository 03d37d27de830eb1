import { DurableObject } from "cloudflare:workers";
import { FrameError } from "#protocol/codec.ts";
import {
  CloseCode,
  type Outcome,
  PING,
  PONG,
  type RelayFrame,
  SUBPROTOCOL,
} from "#protocol/frames.ts";
import { DiscoError } from "#protocol/errors.ts";
import { findOperation } from "#protocol/registry.ts";
import type { McpCaller } from "../mcp/caller.ts";
import { createRelayMcp, type McpEndpoint } from "../mcp/endpoint.ts";
import { rpcErrorOf } from "../mcp/rpc-error.ts";
import type { CallEffect } from "./call.ts";
import { emptyLedger, type Ledger, type LedgerEvent, nextEnd, step } from "./call-ledger.ts";
import { CallRows } from "./call-rows.ts";
import { Callers } from "./callers.ts";
import { closeSocket, isSendable } from "./close-socket.ts";
import type { Attachment, CallRequest, OnProgress } from "./link.ts";
import { type RecentCall, RecentCalls } from "./recent-calls.ts";
import { SIGN_IN_HEADER } from "./sign-in-header.ts";
import {
  attachmentOf,
  type Link,
  type LinkEffect,
  type LinkEvent,
  nextHelloTimeout,
  stepLink,
} from "./tab-link.ts";
import { TabSockets } from "./tab-sockets.ts";

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
  readonly #rows: CallRows;
  readonly #recent: RecentCalls;
  readonly #mcp: McpEndpoint;
  readonly #callers = new Callers();
  readonly #sockets: TabSockets;
  #link: Link;
  #ledger: Ledger;
  #timer: { readonly at: number; readonly id: ReturnType<typeof setTimeout> } | undefined;
  #alarmAt: number | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    this.#sockets = new TabSockets(ctx);
    this.#rows = new CallRows(ctx.storage.sql);
    this.#recent = new RecentCalls(ctx.storage.sql);
    this.#mcp = createRelayMcp(this, ctx.storage.sql, env);
    const last = ctx.storage.kv.get<LastAttach>(LAST_ATTACH_KEY);
    this.#link = {
      container: ctx.id.name ?? last?.container ?? "",
      epoch: last?.epoch ?? 0,
      connections: this.#sockets.awaken(),
      isDeleted: false,
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
    const signIn = request.headers.get(SIGN_IN_HEADER) ?? "";
    const { connection, client } = this.#sockets.accept(signIn);
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
   * @param onProgress hears how it goes on, when the request asks for that
   */
  call(id: string, request: CallRequest, onProgress?: OnProgress): Promise<Outcome> {
    const joined = this.#callers.join(id, onProgress);
    this.#tick();
    const changing = !findOperation(request.operation)?.hints.readOnly;
    this.#onLedger({ type: "accept", call: id, request, changing });
    return joined.then((outcome) => {
      if (!this.#link.isDeleted) this.#recent.note(id, request, outcome, Date.now());
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
    return this.#link.isDeleted ? [] : this.#recent.list(Date.now());
  }

  /**
   * The container is deleted: its tab and its callers are told, and nothing of it is kept. The object
   * itself lives on for a moment, for those who were on their way to it.
   */
  async erase(): Promise<void> {
    this.#onLink({ type: "deleted" });
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /**
   * Closes the connections that a sign-in opened, or all of them, because it has ended [OPEN-5].
   *
   * @param signIn id of the sign-in; null: every one
   */
  signOut(signIn: string | null): void {
    for (const connection of this.#sockets.connectionsOf(signIn)) {
      this.#sockets.close(connection, CloseCode.signedOut, "The sign-in has ended.");
      this.#onClosed(connection);
    }
  }

  /** One request of the MCP face, which the worker has authenticated. */
  async mcp(request: Request, caller: McpCaller): Promise<Response> {
    if (this.#link.isDeleted) {
      return rpcErrorOf(new DiscoError("container_deleted", "This container was deleted."));
    }
    return await this.#mcp.handle(request, caller);
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const connection = this.#sockets.connectionOf(socket);
    // A connection that was closed may still deliver what was on its way.
    if (!this.#link.connections.has(connection)) return;
    const received = this.#sockets.receive(connection, message);
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
    const heard = this.#sockets.lastPings(this.#link.connections.keys());
    this.#onLink({ type: "tick", heard });
    this.#onLedger({ type: "tick" });
  }

  #onClosed(connection: string): void {
    this.#sockets.forget(connection);
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
        return this.#sockets.keep(effect.connection, effect.as);
      case "send":
        return this.#send(effect.connection, effect.frame);
      case "close":
        return this.#sockets.close(effect.connection, effect.code, effect.reason);
      case "progress":
        return this.#callers.tell(effect.call, effect.text);
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
        this.#callers.settle(effect.call, effect.outcome);
    }
  }

  #sendToTab(frame: RelayFrame): void {
    for (const [id, { state }] of this.#link.connections) {
      if (state === "attached") this.#send(id, frame);
    }
  }

  #send(connection: string, frame: RelayFrame): void {
    try {
      this.#sockets.send(connection, frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      if ("call" in frame) this.#onLedger({ type: "unsendable", call: frame.call });
    }
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
