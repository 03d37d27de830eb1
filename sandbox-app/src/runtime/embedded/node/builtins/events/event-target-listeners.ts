type Target = Record<string, unknown[]>;

/** Listeners by target and event: the platform keeps them to itself, `getEventListeners` tells them. */
const known = new WeakMap<object, Target>();
let tracking = false;

export function eventTargetListeners(target: unknown, event: string): unknown[] {
  return [...(known.get(target as object)?.[event] ?? [])];
}

/** From here on EventTarget's listeners are counted too. A realm has one EventTarget: done once. */
export function trackEventTargets(): void {
  if (tracking) return;
  tracking = true;
  const { prototype } = EventTarget;
  // oxlint-disable-next-line typescript/unbound-method -- called with the target as `this` below
  const { addEventListener, removeEventListener } = prototype;
  prototype.addEventListener = function add(this: EventTarget, type, listener, options) {
    Reflect.apply(addEventListener, this ?? globalThis, [type, listener, options]);
    if (listener === null || this === undefined) return;
    const table = known.get(this) ?? {};
    known.set(this, table);
    const list = (table[type] ??= []);
    if (!list.includes(listener)) list.push(listener);
    if (typeof options === "object" && options.once === true) {
      Reflect.apply(addEventListener, this, [
        type,
        () => drop(this, type, listener),
        { once: true },
      ]);
    }
  };
  prototype.removeEventListener = function remove(this: EventTarget, type, listener, options) {
    Reflect.apply(removeEventListener, this ?? globalThis, [type, listener, options]);
    if (this !== undefined) drop(this, type, listener);
  };
}

function drop(target: object, type: string, listener: unknown): void {
  const table = known.get(target);
  const list = table?.[type];
  if (table === undefined || list === undefined) return;
  table[type] = list.filter((each) => each !== listener);
}
