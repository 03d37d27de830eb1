import { COUNTERS, type Counters, type CountersMessage } from "./counters.ts";

// The counters of a worker die with it. This is evaluated before the process's own modules, which
// therefore take this `postMessage`; what is posted on one port arrives in order, so the counters are
// with the page before the kernel hears of the exit and ends the worker.
const counters: Counters = {};
const known = new Set(self.name.split(" "));
const post = self.postMessage.bind(self) as (...args: unknown[]) => void;

// As a property that nobody can take away: programs see the globals of Node only.
Object.defineProperty(globalThis, COUNTERS, { value: counters });

self.postMessage = (...args: unknown[]) => {
  const [message] = args as [{ type?: unknown } | null];
  if (message?.type === "exit") post({ type: "counters", counters: toSend() });
  post(...args);
};

function toSend(): CountersMessage["counters"] {
  const entries = Object.entries(counters).map(([path, file]) => {
    const { hash, s, f, b } = file;
    return [path, known.has(hash) ? { s, f, b } : file] as const;
  });
  return Object.fromEntries(entries);
}

// vitest wraps every `import()` that it serves, and defines the wrapper in the body of a worker's entry,
// which runs after what the entry imports.
Object.assign(globalThis, {
  __vitest_browser_runner__: { wrapDynamicImport: (load: () => unknown) => load() },
});
