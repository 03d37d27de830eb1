import type { PortEvent } from "../../../runtime.ts";
import { callError } from "../file-errors.ts";
import { connectSockets, Listener, type Socket } from "./socket.ts";

/** Ports that are given to those who ask for any (net.ipv4.ip_local_port_range of Linux). */
const EPHEMERAL_FIRST = 32_768;
const EPHEMERAL_LAST = 60_999;
const PORT_LAST = 65_535;

/** The container's ports: who listens on which. */
export class Ports {
  readonly #nextIno: () => number;
  readonly #listeners = new Map<number, { readonly listener: Listener; readonly pid: number }>();
  readonly #subscribers = new Set<(change: PortEvent) => void>();
  #nextEphemeral = EPHEMERAL_FIRST;

  constructor(nextIno: () => number) {
    this.#nextIno = nextIno;
  }

  /** @throws FileError EADDRINUSE, EINVAL */
  listen(port: number, pid: number): Listener {
    if (!Number.isInteger(port) || port < 0 || port > PORT_LAST)
      throw callError("EINVAL", "listen");
    const chosen = port === 0 ? this.#ephemeral() : port;
    if (this.#listeners.has(chosen)) throw callError("EADDRINUSE", "listen");
    const listener = new Listener(chosen, this.#nextIno(), () => {
      this.#listeners.delete(chosen);
      this.#tell({ port: chosen, type: "closed", pid });
    });
    this.#listeners.set(chosen, { listener, pid });
    this.#tell({ port: chosen, type: "opened", pid });
    return listener;
  }

  /** @throws FileError ECONNREFUSED */
  connect(port: number): Socket {
    const entry = this.#listeners.get(port);
    if (entry === undefined) throw callError("ECONNREFUSED", "connect");
    const { client, server } = connectSockets(
      { client: this.#ephemeral(), server: port },
      this.#nextIno,
    );
    entry.listener.arrive(server);
    return client;
  }

  of(pid: number): number[] {
    return this.open()
      .filter((entry) => entry.pid === pid)
      .map(({ port }) => port);
  }

  /** What listens now, in order of port. */
  open(): { port: number; pid: number }[] {
    return [...this.#listeners]
      .map(([port, { pid }]) => ({ port, pid }))
      .toSorted((a, b) => a.port - b.port);
  }

  onChange(subscriber: (change: PortEvent) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => {
      this.#subscribers.delete(subscriber);
    };
  }

  #ephemeral(): number {
    for (let tries = EPHEMERAL_FIRST; tries <= EPHEMERAL_LAST; tries++) {
      const port = this.#nextEphemeral;
      this.#nextEphemeral = port === EPHEMERAL_LAST ? EPHEMERAL_FIRST : port + 1;
      if (!this.#listeners.has(port)) return port;
    }
    throw callError("EADDRINUSE", "listen");
  }

  #tell(change: PortEvent): void {
    for (const subscriber of this.#subscribers) subscriber(change);
  }
}
