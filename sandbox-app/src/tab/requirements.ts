/** What the container needs from the browser, in words for the person. */
const requirements: Readonly<Record<string, (scope: typeof globalThis) => boolean>> = {
  "a secure context (https, or localhost)": (scope) => scope.isSecureContext,
  "cross-origin isolation": (scope) => scope.crossOriginIsolated,
  SharedArrayBuffer: (scope) => "SharedArrayBuffer" in scope,
  "Web Workers": (scope) => "Worker" in scope,
  WebSocket: (scope) => "WebSocket" in scope,
  "Promise.withResolvers": () => "withResolvers" in Promise,
};

/** @returns what is missing; empty when the container can run here */
export function missingRequirements(scope: typeof globalThis = globalThis): string[] {
  return Object.entries(requirements).flatMap(([name, isMet]) => (isMet(scope) ? [] : [name]));
}
