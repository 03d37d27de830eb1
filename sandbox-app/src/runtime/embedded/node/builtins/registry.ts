import type { BuiltinModules } from "../context.ts";

/** Every builtin except those of the core itself (`process`, `module`, `timers`, `async_hooks`). */
export const builtins: BuiltinModules = {};
