import { connectIpc, type IpcTarget } from "./builtins/child-process/ipc.ts";
import type { NodeMachine } from "./create-context.ts";

/** What `internal/thread` of the builtins gives a process that is a worker thread. */
export interface ThreadEnd {
  /** When `workerData` and `parentPort` are there. */
  readonly ready: Promise<unknown>;
  /** Hands the error that ends this thread to the parent. */
  reportError(error: unknown): void;
}

/** Variables by which a parent tells its child how they are connected; grandchildren get none. */
const CHANNEL = "NODE_CHANNEL_FD";
const SERIALIZATION = "NODE_CHANNEL_SERIALIZATION_MODE";
const THREAD = "DISCO_THREAD";

/**
 * Connects a forked child or a worker thread with its parent.
 *
 * @returns what the main program has to wait for; null for nothing
 */
export function connectParent({ context, process }: NodeMachine): Promise<unknown> | null {
  const { env } = process;
  const { channel } = context.system.start;
  const advanced = env[SERIALIZATION] === "advanced";
  const isForked = env[CHANNEL] !== undefined && channel !== null;
  for (const name of [CHANNEL, SERIALIZATION, THREAD]) Reflect.deleteProperty(env, name);
  if (!context.thread.isMainThread) return context.builtin<ThreadEnd>("internal/thread").ready;
  if (!isForked) return null;
  const target = process as unknown as IpcTarget;
  const ipc = connectIpc(context, target, channel, { advanced, refWhenListened: true });
  Object.assign(process, {
    send: (message: unknown, ...rest: unknown[]) => ipc.send(message, ...rest),
    disconnect: () => ipc.disconnect(),
  });
  return null;
}
