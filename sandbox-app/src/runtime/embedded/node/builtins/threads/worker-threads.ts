import type { NodeContext } from "../../context.ts";
import { missingFeature } from "../errors/node-error.ts";
import { createPorts, type Ports } from "./message-port.ts";
import type { ThreadMessage } from "./thread-messages.ts";
import { createWorkerClass } from "./worker.ts";

interface Thread {
  readonly data: { workerData: unknown; parentPort: MessagePort | null; name: string };
  readonly environmentData: Map<unknown, unknown>;
  /** Settled when the parent's first message is here; the main file must not start before. */
  readonly ready: Promise<void>;
  /** Tells the parent of an error that nobody caught. */
  reportError(error: unknown): void;
}

/** `internal/ports`: one set of port classes for globals and worker_threads. */
export function createInternalPorts(node: NodeContext): Ports {
  return createPorts(node);
}

/** `internal/thread`: this process as a thread of its parent; idle in the main thread. */
export function createInternalThread(node: NodeContext): Thread {
  const data: Thread["data"] = { workerData: null, parentPort: null, name: "" };
  const environmentData = new Map<unknown, unknown>();
  const { channel } = node.system.start;
  if (node.thread.isMainThread || channel === null) {
    return { data, environmentData, ready: Promise.resolve(), reportError: () => undefined };
  }
  const ready = new Promise<void>((resolve) => {
    channel.addEventListener("message", ({ data: message }: MessageEvent<ThreadMessage>) => {
      if (message.kind !== "start") return;
      data.workerData = message.workerData;
      data.name = message.name;
      data.parentPort = node.builtin<Ports>("internal/ports").adopt(message.port);
      for (const [key, value] of message.environmentData) environmentData.set(key, value);
      channel.postMessage({ kind: "online" } satisfies ThreadMessage, []);
      resolve();
    });
    channel.start();
  });
  const reportError = (error: unknown) => {
    try {
      channel.postMessage({ kind: "error", error } satisfies ThreadMessage, []);
    } catch {
      channel.postMessage(
        {
          kind: "error",
          error: new Error(String(error)),
        } satisfies ThreadMessage,
        [],
      );
    }
  };
  return { data, environmentData, ready, reportError };
}

/** `node:worker_threads`. */
export function createWorkerThreads(node: NodeContext): unknown {
  const ports = node.builtin<Ports>("internal/ports");
  const thread = node.builtin<Thread>("internal/thread");
  const { environmentData } = thread;
  return {
    isMainThread: node.thread.isMainThread,
    threadId: node.thread.threadId,
    threadName: thread.data.name,
    isInternalThread: false,
    workerData: thread.data.workerData,
    parentPort: thread.data.parentPort,
    resourceLimits: {},
    SHARE_ENV: Symbol.for("nodejs.worker_threads.SHARE_ENV"),
    Worker: createWorkerClass({ node, ports, environmentData }),
    MessageChannel: ports.MessageChannel,
    MessagePort: ports.MessagePort,
    BroadcastChannel: globalThis.BroadcastChannel,
    getEnvironmentData: (key: unknown) => environmentData.get(key),
    setEnvironmentData: (key: unknown, value: unknown) => {
      if (value === undefined) environmentData.delete(key);
      else environmentData.set(key, value);
    },
    markAsUntransferable: (): undefined => undefined,
    isMarkedAsUntransferable: () => false,
    markAsUncloneable: (): undefined => undefined,
    moveMessagePortToContext: (): never => {
      throw missingFeature(
        "worker_threads.moveMessagePortToContext",
        "There is one context per process.",
      );
    },
    receiveMessageOnPort: (): never => {
      throw missingFeature(
        "worker_threads.receiveMessageOnPort",
        "A browser gives messages only to listeners: use port.on('message'), or Atomics.wait on a SharedArrayBuffer.",
      );
    },
    postMessageToThread: async (): Promise<never> => {
      throw missingFeature(
        "worker_threads.postMessageToThread",
        "Pass a MessagePort to the thread instead.",
      );
    },
  };
}
