import type { RelayFrame, TabFrame } from "#protocol/frames.ts";
import type { LinkState } from "../tab/events.ts";
import type { Clock } from "./clock.ts";
import type { Link, LinkEffect, LinkEvent } from "./link-machine.ts";
import { describeLink, stepLink } from "./link-machine.ts";
import type { OpenSocket, RelaySocket } from "./socket.ts";
import type { FetchTicket } from "./ticket.ts";

/** What the connection needs from the rest of the tab. */
export interface ConnectionOptions {
  readonly container: string;
  readonly clock: Clock;
  /** A number in [0, 1), for the jitter of the back-off. */
  readonly random: () => number;
  readonly fetchTicket: FetchTicket;
  readonly openSocket: OpenSocket;
  /** The first frame of a connection. */
  readonly hello: () => Extract<TabFrame, { type: "hello" }>;
  /** Every frame of the relay, the welcome included, after the link has taken note of it. */
  readonly onFrame: (frame: RelayFrame) => void;
  readonly onLink: (link: LinkState) => void;
}

/** Runs the link machine: owns the one ticket request, the one socket and the one timer. */
export class Connection {
  readonly #options: ConnectionOptions;
  #link: Link = { state: "stopped" };
  #shown = "";
  #ticketRequest: AbortController | undefined;
  #socket: RelaySocket | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#step({ type: "start" });
  }

  /** Closes for good. */
  stop(): void {
    this.#step({ type: "stop" });
  }

  /** The browser says that the network is back. */
  online(): void {
    this.#step({ type: "online" });
  }

  takeBack(): void {
    this.#step({ type: "take_back" });
  }

  reconnectNow(): void {
    this.#step({ type: "reconnect_now" });
  }

  /** The epoch of the attach, from the welcome to the end of that connection; otherwise null. */
  get epoch(): number | null {
    return this.#link.state === "attached" ? this.#link.epoch : null;
  }

  /**
   * Sends while attached; otherwise the frame is dropped.
   *
   * @throws FrameError when the frame is above FRAME_MAX_BYTES
   */
  send(frame: TabFrame): void {
    if (this.epoch !== null) this.#socket?.send(frame);
  }

  #step(event: LinkEvent): void {
    const { clock, random, onLink } = this.#options;
    const step = stepLink(this.#link, event, { now: clock.now(), random: random() });
    this.#link = step.link;
    this.#schedule();
    for (const effect of step.effects) this.#perform(effect);
    const shown = describeLink(this.#link);
    const text = JSON.stringify(shown);
    if (!shown || text === this.#shown) return;
    this.#shown = text;
    onLink(shown);
  }

  #schedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (!("wakeAt" in this.#link)) return;
    const { clock } = this.#options;
    const delay = Math.max(0, this.#link.wakeAt - clock.now());
    this.#cancelTimer = clock.after(delay, () => this.#step({ type: "tick" }));
  }

  #perform(effect: LinkEffect): void {
    const { attempt } = effect;
    switch (effect.type) {
      case "fetch_ticket":
        void this.#askForTicket(attempt);
        return;
      case "open":
        this.#open(attempt, effect.url, effect.ticket);
        return;
      case "send_hello":
        this.#socket?.send(this.#options.hello());
        return;
      case "ping":
        this.#socket?.ping();
        return;
      case "abandon":
        this.#ticketRequest?.abort();
        this.#socket?.close(effect.code);
        this.#socket = undefined;
    }
  }

  async #askForTicket(attempt: number): Promise<void> {
    const request = new AbortController();
    this.#ticketRequest = request;
    const answer = await this.#options.fetchTicket(this.#options.container, request.signal);
    if (answer.ok) {
      this.#step({ type: "ticket", attempt, ticket: answer.ticket, url: answer.url });
    } else {
      this.#step({ type: "ticket_refused", attempt, why: answer.why, reason: answer.reason });
    }
  }

  #open(attempt: number, url: string, ticket: string): void {
    this.#socket = this.#options.openSocket(url, ticket, {
      opened: () => this.#step({ type: "opened", attempt }),
      heard: () => this.#step({ type: "heard", attempt }),
      broken: (reason) => this.#step({ type: "broken", attempt, reason }),
      closed: (code) => {
        this.#socket = undefined;
        this.#step({ type: "closed", attempt, code });
      },
      frame: (frame) => {
        if (frame.type === "welcome") {
          const { epoch, container } = frame;
          this.#step({ type: "welcomed", attempt, epoch, container });
        }
        if (this.epoch !== null) this.#options.onFrame(frame);
      },
    });
  }
}
