import type { BootedRuntime, EmbeddedOptions } from "../runtime/embedded/boot-embedded.ts";
import { RuntimeFrame } from "../runtime/embedded/runtime-frame.ts";
import { bootRuntime } from "../runtime/select.ts";
import { workerAccount } from "./account.ts";
import { EventFan } from "./event-fan.ts";
import { forgetDeleted } from "./forget-deleted.ts";
import { holdLock } from "./keep-awake.ts";
import type { PageMessage, WorkerMessage } from "./messages.ts";
import type { AppConfig, Identity, Tab, TabOpening } from "./page-api.ts";
import { askUndo } from "./ask-undo.ts";
import { keepSaved } from "./keep-saved.ts";
import { NetworkClient } from "./network.ts";
import { missingRequirements } from "./requirements.ts";
import { readPageData } from "./page-data.ts";
import {
  identify,
  namedContainer,
  NoContainerError,
  reloadOnClaim,
  takeClaim,
  UnreachableError,
} from "./sign-in.ts";

/** A boot takes well under a second; a browser that swaps may need many times that. */
const BOOT_TIMEOUT_MS = 30_000;
/**
 * A tab that had the container has let go of it by then. Whose runtime hangs connects all the same, so
 * that callers hear of a boot.
 */
const CONNECT_AFTER_MS = 6_000;

/** Opens this page's container: signs in, boots the runtime, connects. Called once, first of all. */
export async function openTab(): Promise<TabOpening> {
  const claim = takeClaim();
  reloadOnClaim();
  const missing = missingRequirements();
  if (missing.length > 0) return { state: "unsupported", missing };
  const { config, identity: told } = readPageData();
  const named = namedContainer();
  // The frame takes longer to load than anything else of a boot, and nothing happens in it until it is
  // connected: it begins before a claim is checked.
  const early = claim !== undefined || told ? RuntimeFrame.load(config.runtime_origin) : null;
  try {
    const identity = await identify(claim, { named, told });
    if (identity) return { state: "open", tab: startTab(config, identity, early) };
    early?.remove();
    return { state: "signed_out", config };
  } catch (error) {
    early?.remove();
    if (error instanceof NoContainerError) {
      if (error.wasDeleted) void eraseSaved(config, named).catch(() => {});
      return { state: "no_container", wasDeleted: error.wasDeleted };
    }
    if (error instanceof UnreachableError) return { state: "unreachable", message: error.message };
    throw error;
  }
}

/** What this browser kept of a container that was deleted while no page had it open [GONE-3]. */
async function eraseSaved(config: AppConfig, container: string | undefined): Promise<void> {
  if (container === undefined) return;
  const where = { runtimeOrigin: config.runtime_origin, container };
  const { runtime, storage } = await bootRuntime({ ...where, timeoutMs: BOOT_TIMEOUT_MS });
  try {
    await storage.erase();
  } finally {
    await runtime.dispose();
  }
}

function startTab(config: AppConfig, identity: Identity, frame: RuntimeFrame | null): Tab {
  const fan = new EventFan();
  const ended = new AbortController();
  const worker = startWorker(fan);
  const post = (message: PageMessage, transfer: Transferable[] = []) =>
    worker.postMessage(message, transfer);

  post({ type: "start", container: identity.container.id });
  const where = { runtimeOrigin: config.runtime_origin, container: identity.container.id, frame };
  const booted = boot(where, post, ended.signal);
  const runtime = booted.then((it) => it.runtime);
  const storage = booted.then((it) => it.storage);
  const network = booted.then(
    (it) =>
      new NetworkClient(it.openNetwork(), {
        container: identity.container.id,
        local: config.local,
        signal: ended.signal,
      }),
  );
  network.catch(() => {});
  // Who awaits them hears of a failure; the worker has told everybody else.
  runtime.catch(() => {});
  void storage.then(
    (kept) => {
      keepSaved(kept, fan, () => post({ type: "stop" }), ended.signal);
      // What stays now goes at the next visit.
      forgetDeleted(kept, ended.signal).catch(() => {});
    },
    () => {},
  );
  holdLock(`disco.tab.${identity.container.id}`, ended.signal);
  addEventListener("online", () => post({ type: "online" }), { signal: ended.signal });

  return {
    identity,
    config,
    runtime,
    storage,
    network,
    account: workerAccount,
    on: (listener) => fan.on(listener),
    takeBack: () => location.reload(),
    reconnectNow: () => post({ type: "reconnect_now" }),
    servePreview: (port, connections) =>
      post({ type: "preview", port, connections }, [connections]),
    undo: (checkpoint, agreed) => askUndo(post, checkpoint, agreed),
    async dispose() {
      if (ended.signal.aborted) return;
      ended.abort();
      worker.terminate();
      await runtime.then(
        (it) => it.dispose(),
        () => {},
      );
    },
  };
}

function startWorker(fan: EventFan): Worker {
  // In one expression, because that is the form in which vite finds a worker.
  const worker = new Worker(new URL("./tab.worker.ts", import.meta.url), {
    type: "module",
    name: "disco-tab",
  });
  worker.addEventListener("message", ({ data }: MessageEvent<WorkerMessage>) => fan.emit(data));
  worker.addEventListener("error", ({ message }) => {
    const what = message === "" ? "its script could not be loaded" : message;
    const error = `The page's connection worker failed: ${what}. Reload the page.`;
    fan.emit({ kind: "runtime", runtime: { state: "error", message: error } });
  });
  return worker;
}

async function boot(
  where: Pick<EmbeddedOptions, "runtimeOrigin" | "container" | "frame">,
  post: (message: PageMessage, transfer?: Transferable[]) => void,
  signal: AbortSignal,
): Promise<BootedRuntime> {
  let isConnecting = false;
  const connect = (): void => {
    if (!isConnecting && !signal.aborted) post({ type: "connect" });
    isConnecting = true;
  };
  const late = setTimeout(connect, CONNECT_AFTER_MS);
  try {
    const booted = await bootRuntime({
      ...where,
      timeoutMs: BOOT_TIMEOUT_MS,
      signal,
      onStage: (stage) => post({ type: "booting", stage }),
      // Tabs attach in the order in which they get the files. In any other order two of them that open
      // at the same time take the files from each other and the calls, and none would be left.
      onOwned: connect,
    });
    const port = booted.openPort();
    post({ type: "ready", port }, [port]);
    return booted;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    post({ type: "failed", message });
    connect();
    throw error;
  } finally {
    clearTimeout(late);
  }
}
