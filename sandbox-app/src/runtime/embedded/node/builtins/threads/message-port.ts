import type { Hold, NodeContext } from "../../context.ts";

type Listener = (...args: unknown[]) => void;
type PortEvent = "message" | "messageerror" | "close";

interface State {
  readonly hold: Hold;
  readonly wrapped: Map<unknown, Map<string, (event: Event) => void>>;
  count: number;
  closed: boolean;
}

const { prototype } = MessagePort;
// oxlint-disable-next-line typescript/unbound-method -- called with the port as `this` below
const { close } = prototype;
// oxlint-disable-next-line typescript/unbound-method -- called with the port as `this` below
const { addEventListener, removeEventListener } = EventTarget.prototype;

/** Who listens to which port: what a platform's port does not tell. */
class PortListeners {
  readonly #node: NodeContext;
  readonly #adopt: (port: MessagePort) => MessagePort;
  readonly #states = new WeakMap<MessagePort, State>();

  constructor(node: NodeContext, adopt: (port: MessagePort) => MessagePort) {
    this.#node = node;
    this.#adopt = adopt;
  }
  stateOf(port: MessagePort): State {
    const known = this.#states.get(port);
    if (known !== undefined) return known;
    const hold = this.#node.loop.hold("MessagePort");
    hold.unref();
    const state: State = { hold, wrapped: new Map(), count: 0, closed: false };
    this.#states.set(port, state);
    return state;
  }
  listen(
    port: MessagePort,
    name: string,
    listener: unknown,
    call: (event: Event) => void,
    once = false,
  ): void {
    const state = this.stateOf(port);
    const wrapped = (event: Event) => {
      if (once) this.unlisten(port, name, listener);
      for (const other of (event as MessageEvent).ports ?? []) this.#adopt(other);
      this.#node.loop.enter(() => call(event));
    };
    const byName = state.wrapped.get(listener) ?? new Map<string, (event: Event) => void>();
    state.wrapped.set(listener, byName);
    if (byName.has(name)) return;
    byName.set(name, wrapped);
    Reflect.apply(addEventListener, port, [name, wrapped]);
    if (name !== "message") return;
    state.count++;
    if (!state.closed) state.hold.ref();
    port.start();
  }
  unlisten(port: MessagePort, name: string, listener: unknown): void {
    const state = this.stateOf(port);
    const wrapped = state.wrapped.get(listener)?.get(name);
    if (wrapped === undefined) return;
    state.wrapped.get(listener)?.delete(name);
    Reflect.apply(removeEventListener, port, [name, wrapped]);
    if (name === "message" && --state.count === 0) state.hold.unref();
  }
}

function valueOf(event: Event): unknown {
  return event.type === "close" ? undefined : (event as MessageEvent).data;
}

/** The methods that Node's ports share with emitters and with EventTarget. */
function listeningMethods(listeners: PortListeners): object {
  const onMethod = (once: boolean) =>
    function on(this: MessagePort, name: PortEvent, listener: Listener) {
      listeners.listen(this, name, listener, (event) => listener(valueOf(event)), once);
      return this;
    };
  function off(this: MessagePort, name: string, listener: unknown) {
    listeners.unlisten(this, name, listener);
    return this;
  }
  return {
    on: onMethod(false),
    addListener: onMethod(false),
    once: onMethod(true),
    off,
    removeListener: off,
    addEventListener(
      this: MessagePort,
      name: string,
      listener: Listener | { handleEvent: Listener },
      options?: { once?: boolean },
    ) {
      const call = (event: Event) =>
        typeof listener === "function"
          ? Reflect.apply(listener, this, [event])
          : listener.handleEvent(event);
      listeners.listen(this, name, listener, call, options?.once === true);
    },
    removeEventListener: off,
    removeAllListeners(this: MessagePort, name?: string) {
      for (const [listener, byName] of listeners.stateOf(this).wrapped) {
        for (const each of Array.from(byName.keys()))
          if (name === undefined || name === each) listeners.unlisten(this, each, listener);
      }
      return this;
    },
    listenerCount(this: MessagePort, name: string) {
      const all = Array.from(listeners.stateOf(this).wrapped.values());
      return all.filter((byName) => byName.has(name)).length;
    },
  };
}

/** The methods by which a port keeps the process alive, or ends. */
function holdMethods(node: NodeContext, listeners: PortListeners): object {
  return {
    ref(this: MessagePort) {
      listeners.stateOf(this).hold.ref();
    },
    unref(this: MessagePort) {
      listeners.stateOf(this).hold.unref();
    },
    hasRef(this: MessagePort) {
      return listeners.stateOf(this).hold.hasRef();
    },
    close(this: MessagePort) {
      const state = listeners.stateOf(this);
      if (state.closed) return;
      state.closed = true;
      state.hold.release();
      Reflect.apply(close, this, []);
      node.natives.setTimeout(() => this.dispatchEvent(new Event("close")), 0);
    },
  };
}

function defineOnMessage(guest: object, listeners: PortListeners): void {
  type Port = MessagePort & { _onmessage?: unknown };
  Object.defineProperty(guest, "onmessage", {
    configurable: true,
    get(this: Port) {
      return this._onmessage ?? null;
    },
    set(this: Port, listener: unknown) {
      if (typeof this._onmessage === "function") {
        listeners.unlisten(this, "message", this._onmessage);
      }
      Object.defineProperty(this, "_onmessage", {
        value: listener,
        configurable: true,
        writable: true,
      });
      if (typeof listener !== "function") return;
      const call = (event: Event) => Reflect.apply(listener, this, [event]) as void;
      listeners.listen(this, "message", listener, call);
    },
  });
}

/**
 * Node's MessagePort: a port of the platform (so that it can be posted on) that also is an emitter, runs its
 * listeners as turns of the guest's loop, and keeps the process alive while it is listened to.
 */
export function createPorts(node: NodeContext) {
  const guest = Object.create(prototype, {
    constructor: { value: MessagePort, writable: true, configurable: true },
  }) as Record<string, unknown>;
  const adopt = (port: MessagePort): MessagePort => {
    if (Object.getPrototypeOf(port) === guest) return port;
    Object.setPrototypeOf(port, guest);
    // The other side went away: the platform tells by an event of its own.
    const release = () => listeners.stateOf(port).hold.release();
    Reflect.apply(addEventListener, port, ["close", release]);
    return port;
  };
  const listeners = new PortListeners(node, adopt);
  Object.assign(guest, listeningMethods(listeners), holdMethods(node, listeners));
  defineOnMessage(guest, listeners);
  class GuestMessageChannel {
    readonly port1: MessagePort;
    readonly port2: MessagePort;

    constructor() {
      const { port1, port2 } = new node.natives.MessageChannel();
      this.port1 = adopt(port1);
      this.port2 = adopt(port2);
    }
  }
  Object.defineProperty(GuestMessageChannel, "name", { value: "MessageChannel" });
  return { adopt, MessageChannel: GuestMessageChannel, MessagePort };
}

export type Ports = ReturnType<typeof createPorts>;
