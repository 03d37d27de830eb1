import { languageGlobals, nodeGlobals } from "./global-names.ts";

/**
 * Takes away what a worker has and Node has not: guests would take themselves for a page, or reach the
 * storage that keeps the workspace. A property that cannot be deleted becomes undefined.
 *
 * @param added what the global object gets of its own: below it, on a prototype, the browser's must not
 *   stay, or guests find `navigator.storage` and `navigator.locks` there
 */
export function hideBrowser(global: typeof globalThis, added: object): void {
  const kept = new Set([...languageGlobals, ...nodeGlobals, ...Object.keys(added)]);
  const inherited = new Set<string>();
  const shared = global.EventTarget.prototype as object;
  for (let at: object | null = global; at !== null && at !== Object.prototype;) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const isReplaced = at !== global && Object.hasOwn(added, name);
      if ((kept.has(name) && !isReplaced) || name === "constructor") continue;
      // What every event target has stays with the others.
      if (at === shared) inherited.add(name);
      else hide(at, name);
    }
    at = Object.getPrototypeOf(at) as object | null;
  }
  for (const name of inherited) shadow(global, name);
}

function hide(owner: object, name: string): void {
  if (!Reflect.deleteProperty(owner, name)) shadow(owner, name);
}

function shadow(owner: object, name: string): void {
  // Fails for what is neither configurable nor writable; nothing that gives access to anything is.
  Reflect.defineProperty(owner, name, { value: undefined, writable: true, enumerable: false });
}
