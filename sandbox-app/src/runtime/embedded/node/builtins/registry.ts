import type { BuiltinModules } from "../context.ts";
import { createAssert } from "./assert/index.ts";
import { createCrypto } from "./crypto/index.ts";
import { createDiagnosticsChannel } from "./diagnostics/channel.ts";
import { createHttps } from "./http/https.ts";
import { createHttp } from "./http/index.ts";
import { createPerfHooks } from "./misc/perf-hooks.ts";
import { createV8 } from "./misc/v8.ts";
import { createVm } from "./misc/vm.ts";
import { missingModules } from "./missing/index.ts";
import { createDns } from "./net/dns.ts";
import { createReadline } from "./readline/index.ts";
import { createGlobals } from "./web/globals.ts";
import { createInternalPorts, createInternalThread, createWorkerThreads } from "./worker/index.ts";
import { createZlib } from "./zlib/index.ts";
import { createBuffer } from "./buffer/index.ts";
import { createChildProcess } from "./child-process/index.ts";
import { createConsole } from "./console/index.ts";
import { createEvents } from "./events/index.ts";
import { createFs } from "./fs/index.ts";
import { createNet } from "./net/index.ts";
import { createOs } from "./os.ts";
import { createPath } from "./path/index.ts";
import { createStdio } from "./stdio/index.ts";
import { consumers } from "./stream/consumers.ts";
import { createStream } from "./stream/index.ts";
import type { StreamModule } from "./stream/stream-types.ts";
import { createStreamWeb } from "./stream/web.ts";
import { punycode } from "./text/punycode.ts";
import { querystring } from "./text/querystring.ts";
import { StringDecoder } from "./text/string-decoder.ts";
import { createTest } from "./test/index.ts";
import { createTestRunner } from "./test/run-files.ts";
import { createUrl } from "./text/url.ts";
import { createTty } from "./tty/index.ts";
import { createUtil } from "./util/index.ts";
import { types } from "./util/types.ts";

/** Every builtin except those of the core itself (`process`, `module`, `timers`, `async_hooks`). */
export const builtins: BuiltinModules = {
  ...missingModules,
  assert: createAssert,
  "assert/strict": (node) => node.builtin<{ strict: unknown }>("assert").strict,
  buffer: createBuffer,
  child_process: createChildProcess,
  console: createConsole,
  crypto: createCrypto,
  diagnostics_channel: createDiagnosticsChannel,
  dns: createDns,
  "dns/promises": (node) => node.builtin<{ promises: unknown }>("dns").promises,
  events: createEvents,
  fs: createFs,
  "fs/promises": (node) => node.builtin<{ promises: unknown }>("fs").promises,
  http: createHttp,
  https: createHttps,
  "internal/globals": createGlobals,
  "internal/ports": createInternalPorts,
  "internal/stdio": createStdio,
  "internal/test": createTestRunner,
  "internal/thread": createInternalThread,
  net: createNet,
  "node:test": createTest,
  os: createOs,
  path: createPath,
  "path/posix": (node) => node.builtin<{ posix: unknown }>("path").posix,
  "path/win32": (node) => node.builtin<{ win32: unknown }>("path").win32,
  perf_hooks: createPerfHooks,
  punycode: () => punycode,
  querystring: () => querystring,
  readline: createReadline,
  "readline/promises": (node) => node.builtin<{ promises: unknown }>("readline").promises,
  stream: createStream,
  "stream/consumers": () => consumers,
  "stream/promises": (node) => node.builtin<StreamModule>("stream").promises,
  "stream/web": createStreamWeb,
  string_decoder: () => ({ StringDecoder }),
  tty: createTty,
  url: createUrl,
  util: createUtil,
  "util/types": () => types,
  v8: createV8,
  vm: createVm,
  worker_threads: createWorkerThreads,
  zlib: createZlib,
};
