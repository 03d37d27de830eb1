import "./send-counters.ts";
import "#sandbox/runtime/embedded/shell/shell.worker.ts";
