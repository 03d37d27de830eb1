import "./send-counters.ts";
import "#sandbox/runtime/embedded/node/node.worker.ts";
