import { RESERVED_PATH } from "#protocol/previews.ts";
import { aborted } from "./aborted.ts";
import { EMBEDDER_PARAMETER } from "./frame/embedder.ts";
import { FrameReady } from "./frame/messages.ts";

/** Name of the mark in the page's timeline at which a boot begins. */
const BOOT_MARK = "disco.boot";

/** The hidden frame on the runtime's origin: a document, and the kernel's worker, which it starts. */
export class RuntimeFrame {
  /** Of its document: another one than the page's. */
  readonly origin: string;
  readonly #element: HTMLIFrameElement;
  readonly #ready: Promise<void>;
  readonly #removed = new AbortController();

  private constructor(url: URL) {
    this.origin = url.origin;
    // For whoever measures a boot: User Timing, level 3.
    performance.mark(BOOT_MARK);
    this.#element = hiddenFrame(url);
    this.#ready = this.#whenReady();
    document.body.append(this.#element);
  }

  /**
   * Begins to load it, which takes longer than anything else of a boot.
   *
   * @param path of the frame's document on that origin
   */
  static load(runtimeOrigin: string, path = builtPath()): RuntimeFrame {
    const url = new URL(path, runtimeOrigin);
    url.searchParams.set(EMBEDDER_PARAMETER, location.origin);
    return new RuntimeFrame(url);
  }

  /**
   * Waits until it says that it is there, and hands it the control port. Once for each frame.
   *
   * @throws Error the signal's reason
   */
  async connect(signal: AbortSignal): Promise<MessagePort> {
    await Promise.race([this.#ready, aborted(signal)]);
    const { port1, port2 } = new MessageChannel();
    this.#element.contentWindow?.postMessage({ type: "disco.runtime.connect" }, this.origin, [
      port2,
    ]);
    return port1;
  }

  /** With it ends the memory of every worker in it. */
  remove(): void {
    this.#removed.abort();
    this.#element.remove();
  }

  #whenReady(): Promise<void> {
    return new Promise((resolve) => {
      const onMessage = (event: MessageEvent): void => {
        if (event.origin !== this.origin || event.source !== this.#element.contentWindow) return;
        if (!FrameReady.safeParse(event.data).success) return;
        window.removeEventListener("message", onMessage);
        resolve();
      };
      window.addEventListener("message", onMessage, { signal: this.#removed.signal });
    });
  }
}

/** The build names the runtime's document in the page's (scripts/disco/runtime-document.ts). */
function builtPath(): string {
  const name = document.querySelector<HTMLMetaElement>('meta[name="disco-runtime"]')?.content;
  return `${RESERVED_PATH}${name ?? "runtime.html"}`;
}

function hiddenFrame(url: URL): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  // Where a preview is of the same origin it can act as this frame, which is to open no windows.
  frame.sandbox.add("allow-scripts", "allow-same-origin");
  frame.src = url.href;
  frame.title = "Disco runtime";
  frame.allow = "cross-origin-isolated";
  // The frame checks who embeds it; some browsers tell it by the referrer only.
  frame.referrerPolicy = "origin";
  frame.hidden = true;
  frame.ariaHidden = "true";
  frame.tabIndex = -1;
  return frame;
}
