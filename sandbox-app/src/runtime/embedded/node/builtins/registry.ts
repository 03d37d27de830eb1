import type { BuiltinModules } from "../context.ts";
import { createAssert } from "./assert/assert-module.ts";
import { createCrypto } from "./crypto/crypto-module.ts";
import { createDiagnosticsChannel } from "./diagnostics/channel.ts";
import { createHttps } from "./http/https.ts";
import { createHttp } from "./http/http-module.ts";
import { createPerfHooks } from "./misc/perf-hooks.ts";
import { createV8 } from "./misc/v8.ts";
import { createVm } from "./misc/vm.ts";
import { missingModules } from "./missing/missing-modules.ts";
import { createDns } from "./net/dns.ts";
import { createReadline } from "./readline/readline-module.ts";
import { createGlobals } from "./web/globals.ts";
import {
  createInternalPorts,
  createInternalThread,
  createWorkerThreads,
} from "./threads/worker-threads.ts";
import { createZlib } from "./zlib/zlib-module.ts";
import { createBuffer } from "./buffer/buffer-module.ts";
import { createChildProcess } from "./child-process/child-process-module.ts";
import { createConsole } from "./console/console-module.ts";
import { createEvents } from "./events/events-module.ts";
import { createFs } from "./fs/fs-module.ts";
import { createNet } from "./net/net-module.ts";
import { createOs } from "./os.ts";
import { createPath } from "./path/path-module.ts";
import { createStdio } from "./stdio/stdio-streams.ts";
import { consumers } from "./stream/consumers.ts";
import { createStream } from "./stream/stream-module.ts";
import type { StreamModule } from "./stream/stream-types.ts";
import { createStreamWeb } from "./stream/web.ts";
import { punycode } from "./text/punycode.ts";
import { querystring } from "./text/querystring.ts";
import { StringDecoder } from "./text/string-decoder.ts";
import { createTest } from "./test/test-module.ts";
import { createTestRunner } from "./test/run-files.ts";
import { createUrl } from "./text/url.ts";
import { createTty } from "./tty/tty-module.ts";
import { createUtil } from "./util/util-module.ts";
import { types } from "./util/types.ts";
import { createWasi } from "./wasi/wasi-module.ts";

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
  wasi: createWasi,
  worker_threads: createWorkerThreads,
  zlib: createZlib,
};
