import { connectRuntime } from "../port/connect-runtime.ts";
import type { BootOptions, Runtime } from "../runtime.ts";
import { aborted } from "./aborted.ts";
import { FrameFailed, FramePersisted } from "./frame/messages.ts";
import { RuntimeFrame } from "./runtime-frame.ts";
import { type ContainerStorage, StorageClient } from "./storage/port/container-storage.ts";

/** A kernel that hangs cannot save; the page does not wait for it for ever. */
const LAST_FLUSH_MS = 3_000;

export interface EmbeddedOptions extends BootOptions {
  /** Origin that serves the frame: another one than the page's. */
  readonly runtimeOrigin: string;
  /** Where that origin serves the frame's document. Default: as built. */
  readonly framePath?: string;
  /** A frame that loads already; one of another origin is of no use, and removed. */
  readonly frame?: RuntimeFrame | null;
  /** Id under which the files are kept in this browser. Default: they live in memory only. */
  readonly container?: string;
  /** No other tab of this browser has the container any more; its files are not there yet. */
  readonly onOwned?: () => void;
}

export interface BootedRuntime {
  readonly runtime: Runtime;
  /** One more way to the same container; can be transferred to a worker, for `connectRuntime`. */
  readonly openPort: () => MessagePort;
  /** How the files are kept. */
  readonly storage: ContainerStorage;
  /** The way to the kernel's network, for the page's `NetworkClient`. */
  readonly openNetwork: () => MessagePort;
}

/**
 * Boots the embedded runtime in a hidden frame on its own origin, off the page's thread.
 *
 * @throws Error when the time is over, the signal fires, or the frame does not load
 */
export async function bootEmbedded(options: EmbeddedOptions): Promise<BootedRuntime> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([timeout, ...(options.signal ? [options.signal] : [])]);
  const frame = frameFor(options);
  try {
    options.onStage?.("Loading the runtime");
    const control = await frame.connect(signal);
    options.onStage?.("Starting the kernel");
    // Nobody is left to await the losers of the race below.
    const failure = kernelFailure(control);
    failure.catch(() => {});
    const storage = openStorage(control, options);
    await Promise.race([storage.restored, failure, aborted(signal)]);
    const opener = (type: "open" | "network") => (): MessagePort => {
      const { port1, port2 } = new MessageChannel();
      control.postMessage({ type }, [port2]);
      return port1;
    };
    const openPort = opener("open");
    const connected = connectRuntime(openPort());
    connected.catch(() => {});
    const runtime = await Promise.race([connected, failure, aborted(signal)]);
    return {
      runtime: endingWith(runtime, frame, storage),
      openPort,
      storage,
      openNetwork: opener("network"),
    };
  } catch (error) {
    frame.remove();
    if (timeout.aborted) {
      const seconds = options.timeoutMs / 1_000;
      throw new Error(`The runtime did not start within ${seconds} s.`, { cause: error });
    }
    throw error;
  }
}

function frameFor({ runtimeOrigin, framePath, frame = null }: EmbeddedOptions): RuntimeFrame {
  if (frame?.origin === runtimeOrigin) return frame;
  frame?.remove();
  return RuntimeFrame.load(runtimeOrigin, framePath);
}

/** Has the container's files restored; whoever uses the runtime waits for that. */
function openStorage(control: MessagePort, options: EmbeddedOptions): ContainerStorage {
  const { port1, port2 } = new MessageChannel();
  const storage = new StorageClient(port1, {
    onStage: (stage) => options.onStage?.(stage),
    persist: () => {
      const answer = persisted(control);
      control.postMessage({ type: "persist" }, []);
      return answer;
    },
  });
  const forget = storage.on(({ state }) => {
    if (state === "opening") return;
    forget();
    options.onOwned?.();
  });
  control.postMessage({ type: "boot", container: options.container ?? null }, [port2]);
  return storage;
}

function persisted(control: MessagePort): Promise<boolean> {
  return new Promise((resolve) => {
    const listen = ({ data }: MessageEvent): void => {
      const answer = FramePersisted.safeParse(data);
      if (!answer.success) return;
      control.removeEventListener("message", listen);
      resolve(answer.data.value);
    };
    control.addEventListener("message", listen);
  });
}

/** Rejects when the frame tells that the kernel cannot run. */
function kernelFailure(control: MessagePort): Promise<never> {
  return new Promise((_, reject) => {
    control.addEventListener("message", ({ data }) => {
      const failed = FrameFailed.safeParse(data);
      if (failed.success) reject(new Error(failed.data.message));
    });
    control.start();
  });
}

/** The same runtime; with it ends the frame, and so the memory of every worker in it. */
function endingWith(runtime: Runtime, frame: RuntimeFrame, storage: ContainerStorage): Runtime {
  const dispose = async (): Promise<void> => {
    try {
      await Promise.race([storage.flush(), tooLong()]);
      await runtime.dispose();
    } finally {
      frame.remove();
    }
  };
  return { ...runtime, dispose };
}

function tooLong(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LAST_FLUSH_MS));
}
