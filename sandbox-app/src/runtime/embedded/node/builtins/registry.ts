import type { BuiltinModules } from "../context.ts";
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
import { createUrl } from "./text/url.ts";
import { createTty } from "./tty/index.ts";
import { createUtil } from "./util/index.ts";
import { types } from "./util/types.ts";

/** Every builtin except those of the core itself (`process`, `module`, `timers`, `async_hooks`). */
export const builtins: BuiltinModules = {
  buffer: createBuffer,
  child_process: createChildProcess,
  console: createConsole,
  events: createEvents,
  fs: createFs,
  "fs/promises": (node) => node.builtin<{ promises: unknown }>("fs").promises,
  "internal/stdio": createStdio,
  net: createNet,
  os: createOs,
  path: createPath,
  "path/posix": (node) => node.builtin<{ posix: unknown }>("path").posix,
  "path/win32": (node) => node.builtin<{ win32: unknown }>("path").win32,
  punycode: () => punycode,
  querystring: () => querystring,
  stream: createStream,
  "stream/consumers": () => consumers,
  "stream/promises": (node) => node.builtin<StreamModule>("stream").promises,
  "stream/web": createStreamWeb,
  string_decoder: () => ({ StringDecoder }),
  tty: createTty,
  url: createUrl,
  util: createUtil,
  "util/types": () => types,
};
