import { parentPort, workerData } from "node:worker_threads";
import { ReplyReader } from "#sandbox/runtime/embedded/process/reply-memory.ts";

/*
 * A process's end of the reply memory in a thread of its own. On `receive` it asks for a reply and
 * blocks; on `abandon` it asks for one and goes on without it, as a call that was thrown out of does.
 */

const reader = new ReplyReader(workerData as SharedArrayBuffer);

parentPort?.on("message", (order: "receive" | "abandon") => {
  const id = reader.next();
  parentPort?.postMessage({ type: "call", id }, []);
  if (order === "abandon") return;
  const reply = reader.receive(id, (further) =>
    parentPort?.postMessage({ type: "more", id: further }, []),
  );
  parentPort?.postMessage({ type: "reply", reply }, []);
});
