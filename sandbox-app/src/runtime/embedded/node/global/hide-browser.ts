import { languageGlobals, nodeGlobals } from "./global-names.ts";

/**
 * Takes away what a worker has and Node has not: guests would take themselves for a page, or reach the
 * storage that keeps the workspace. A property that cannot be deleted becomes undefined.
 */
export function hideBrowser(global: typeof globalThis, added: object): void {
  const kept = new Set([...languageGlobals, ...nodeGlobals, ...Object.keys(added)]);
  for (let at: object | null = global; at !== null && at !== Object.prototype;) {
    for (const name of Object.getOwnPropertyNames(at)) if (!kept.has(name)) hide(at, name);
    at = Object.getPrototypeOf(at) as object | null;
  }
}

function hide(owner: object, name: string): void {
  if (name === "constructor" || Reflect.deleteProperty(owner, name)) return;
  try {
    Object.defineProperty(owner, name, { value: undefined, writable: true });
  } catch {
    // Not configurable and not writable: nothing that gives access to anything is.
  }
}
