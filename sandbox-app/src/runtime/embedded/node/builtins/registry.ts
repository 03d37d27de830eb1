import type { BuiltinModules } from "../context.ts";
import { createBuffer } from "./buffer/index.ts";
import { createEvents } from "./events/index.ts";
import { createPath } from "./path/index.ts";
import { consumers } from "./stream/consumers.ts";
import { createStream } from "./stream/index.ts";
import type { StreamModule } from "./stream/stream-types.ts";
import { createStreamWeb } from "./stream/web.ts";
import { punycode } from "./text/punycode.ts";
import { querystring } from "./text/querystring.ts";
import { StringDecoder } from "./text/string-decoder.ts";
import { createUrl } from "./text/url.ts";
import { createUtil } from "./util/index.ts";
import { types } from "./util/types.ts";

/** Every builtin except those of the core itself (`process`, `module`, `timers`, `async_hooks`). */
export const builtins: BuiltinModules = {
  buffer: createBuffer,
  events: createEvents,
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
  url: createUrl,
  util: createUtil,
  "util/types": () => types,
};
