import type { Hold, NodeContext } from "../../context.ts";

type Listener = (...args: unknown[]) => void;
type PortEvent = "message" | "messageerror" | "close";

interface State {
  readonly hold: Hold;
  readonly wrapped: Map<unknown, Map<string, (event: Event) => void>>;
  count: number;
  closed: boolean;
}

/**
 * Node's MessagePort: a port of the platform (so that it can be posted on) that also is an emitter, runs its
 * listeners as turns of the guest's loop, and keeps the process alive while it is listened to.
 */
export function createPorts(node: NodeContext) {
  const states = new WeakMap<MessagePort, State>();
  const { prototype } = MessagePort;
  // oxlint-disable-next-line typescript/unbound-method -- called with the port as `this` below
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const stateOf = (port: MessagePort): State => {
    const known = states.get(port);
    if (known !== undefined) return known;
    const hold = node.loop.hold("MessagePort");
    hold.unref();
    const state: State = { hold, wrapped: new Map(), count: 0, closed: false };
    states.set(port, state);
    return state;
  };
  const listen = (
    port: MessagePort,
    name: string,
    listener: unknown,
    call: (event: Event) => void,
    once = false,
  ) => {
    const state = stateOf(port);
    const wrapped = (event: Event) => {
      if (once) unlisten(port, name, listener);
      for (const other of (event as MessageEvent).ports ?? []) adopt(other);
      node.loop.enter(() => call(event));
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
  };
  const unlisten = (port: MessagePort, name: string, listener: unknown) => {
    const state = stateOf(port);
    const wrapped = state.wrapped.get(listener)?.get(name);
    if (wrapped === undefined) return;
    state.wrapped.get(listener)?.delete(name);
    Reflect.apply(removeEventListener, port, [name, wrapped]);
    if (name === "message" && --state.count === 0) state.hold.unref();
  };
  const value = (event: Event): unknown =>
    event.type === "close" ? undefined : (event as MessageEvent).data;
  const onMethod = (once: boolean) =>
    function on(this: MessagePort, name: PortEvent, listener: Listener) {
      listen(this, name, listener, (event) => listener(value(event)), once);
      return this;
    };
  function off(this: MessagePort, name: string, listener: unknown) {
    unlisten(this, name, listener);
    return this;
  }
  const guest = Object.create(prototype, {
    constructor: { value: MessagePort, writable: true, configurable: true },
  }) as Record<string, unknown>;
  // oxlint-disable-next-line typescript/unbound-method -- called with the port as `this` below
  const { close } = prototype;
  Object.assign(guest, {
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
      listen(this, name, listener, call, options?.once === true);
    },
    removeEventListener: off,
    removeAllListeners(this: MessagePort, name?: string) {
      for (const [listener, byName] of stateOf(this).wrapped) {
        for (const each of Array.from(byName.keys()))
          if (name === undefined || name === each) unlisten(this, each, listener);
      }
      return this;
    },
    listenerCount(this: MessagePort, name: string) {
      return Array.from(stateOf(this).wrapped.values(), (byName) =>
        byName.has(name) ? 1 : 0,
      ).reduce<number>((sum, one) => sum + one, 0);
    },
    ref(this: MessagePort) {
      stateOf(this).hold.ref();
    },
    unref(this: MessagePort) {
      stateOf(this).hold.unref();
    },
    hasRef(this: MessagePort) {
      return stateOf(this).hold.hasRef();
    },
    close(this: MessagePort) {
      const state = stateOf(this);
      if (state.closed) return;
      state.closed = true;
      state.hold.release();
      Reflect.apply(close, this, []);
      node.natives.setTimeout(() => this.dispatchEvent(new Event("close")), 0);
    },
  });
  Object.defineProperty(guest, "onmessage", {
    configurable: true,
    get(this: MessagePort & { _onmessage?: unknown }) {
      return this._onmessage ?? null;
    },
    set(this: MessagePort & { _onmessage?: unknown }, listener: unknown) {
      if (typeof this._onmessage === "function") unlisten(this, "message", this._onmessage);
      Object.defineProperty(this, "_onmessage", {
        value: listener,
        configurable: true,
        writable: true,
      });
      if (typeof listener === "function")
        listen(
          this,
          "message",
          listener,
          (event) => Reflect.apply(listener, this, [event]) as void,
        );
    },
  });
  const adopt = (port: MessagePort): MessagePort => {
    if (Object.getPrototypeOf(port) === guest) return port;
    Object.setPrototypeOf(port, guest);
    // The other side went away: the platform tells by an event of its own.
    Reflect.apply(addEventListener, port, ["close", () => stateOf(port).hold.release()]);
    return port;
  };
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
