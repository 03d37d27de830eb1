import type { BuiltinModules } from "../../context.ts";
import { missingFeature } from "../errors/node-error.ts";

/**
 * Modules that a tab cannot offer. Programs import them when they load, often without ever using them: the
 * import works, and each use fails at once with an error that says what to use instead.
 */
const absent: Readonly<Record<string, { functions: string; values?: object; instead: string }>> = {
  dgram: {
    functions: "createSocket Socket",
    instead: "There is no UDP: use http or net on a port of localhost.",
  },
  tls: {
    functions:
      "connect createServer createSecureContext TLSSocket Server SecureContext checkServerIdentity",
    values: {
      DEFAULT_MIN_VERSION: "TLSv1.2",
      DEFAULT_MAX_VERSION: "TLSv1.3",
      rootCertificates: [],
    },
    instead: "There is no TLS inside the container: use net or http on a port of localhost.",
  },
  http2: {
    functions: "connect createServer createSecureServer",
    values: { constants: {}, sensitiveHeaders: Symbol("nodejs.http2.sensitiveHeaders") },
    instead: "Use http, which speaks HTTP/1.1.",
  },
  repl: {
    functions: "start REPLServer",
    instead: "Run `node` at a terminal.",
  },
  sqlite: {
    functions: "DatabaseSync StatementSync Session backup",
    instead: "Use a WebAssembly build such as sql.js.",
  },
  sea: {
    functions: "getAsset getAssetAsBlob getRawAsset",
    values: { isSea: () => false },
    instead: "Run the program by `node file.js`.",
  },
  inspector: {
    functions: "Session open",
    values: { close: (): undefined => undefined, url: (): undefined => undefined, console: {} },
    instead: "Use the browser's developer tools, which show every process as a worker.",
  },
  "inspector/promises": {
    functions: "Session open",
    instead: "Use the browser's developer tools.",
  },
  trace_events: {
    functions: "createTracing",
    values: { getEnabledCategories: () => "" },
    instead: "Use the browser's developer tools.",
  },
  cluster: {
    functions: "fork setupPrimary setupMaster disconnect",
    values: {
      isMaster: true,
      isPrimary: true,
      isWorker: false,
      workers: {},
      settings: {},
      SCHED_NONE: 1,
      SCHED_RR: 2,
      schedulingPolicy: 2,
    },
    instead: "Processes cannot share a port here: use child_process.fork with a port for each.",
  },
};

function stub(module: string, name: string, instead: string): unknown {
  // A function that can be called, constructed and extended, and fails at each.
  return function unavailable(): never {
    throw missingFeature(`${module}.${name}`, instead);
  };
}

export const missingModules: BuiltinModules = Object.fromEntries(
  Object.entries(absent).map(([module, { functions, values, instead }]) => [
    // These two are new enough that Node gives them only with the scheme.
    module === "sqlite" || module === "sea" ? `node:${module}` : module,
    () => ({
      ...Object.fromEntries(
        functions.split(" ").map((name) => [name, stub(module, name, instead)]),
      ),
      ...values,
    }),
  ]),
);
