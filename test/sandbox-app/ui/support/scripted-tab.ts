import type { ErrorBody } from "#protocol/errors.ts";
import type { OperationName } from "#protocol/registry.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import type { CallEvent, LinkState, TabEvent } from "#sandbox/tab/events.ts";
import type { Agreed, AppConfig, Tab, Undone } from "#sandbox/tab/page-api.ts";
import { ScriptedAccount } from "./scripted-account.ts";
import { ScriptedNetwork } from "./scripted-network.ts";
import { ScriptedStorage } from "./scripted-storage.ts";
import { capabilities, type MemoryRuntime, memoryRuntime, ROOT } from "./memory-runtime.ts";

export const config: AppConfig = {
  version: "0.1.0",
  origin: "http://localhost:8787",
  runtime_origin: "http://127.0.0.1:8787",
  preview_origin: "http://p{port}.localhost:8787",
  mcp_url: "http://localhost:8787/mcp",
  api_url: "http://localhost:8787/api/v1",
  docs_url: "http://localhost:8787/docs",
  websocket_url: "ws://localhost:8787/relay",
  local: true,
};

/** A tab that does what the test says, and remembers what the page asked of it. */
export class ScriptedTab implements Tab {
  readonly identity = {
    user: { id: "user-1", name: "local" },
    container: { id: "container-1", name: "my-container" },
  };
  readonly config = config;
  readonly memory: MemoryRuntime;
  readonly runtime: Promise<Runtime>;
  readonly scriptedStorage = new ScriptedStorage();
  readonly storage = Promise.resolve(this.scriptedStorage);
  readonly scriptedNetwork = new ScriptedNetwork();
  readonly network = Promise.resolve(this.scriptedNetwork);
  readonly scriptedAccount = new ScriptedAccount();
  readonly account = this.scriptedAccount;
  readonly served: number[] = [];
  readonly asked: ("take_back" | "reconnect")[] = [];
  /** What the page wants to take back, and what it may lose; answered by `answerUndo`. */
  readonly undos: { readonly checkpoint: string; readonly agreed: Agreed }[] = [];
  #answerUndo: (undone: Undone) => void = () => {};
  readonly #runtime = Promise.withResolvers<Runtime>();
  readonly #listeners = new Set<(event: TabEvent) => void>();
  #calls = 0;

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.memory = memoryRuntime(files);
    this.runtime = this.#runtime.promise;
  }

  on(listener: (event: TabEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  takeBack(): void {
    this.asked.push("take_back");
  }

  reconnectNow(): void {
    this.asked.push("reconnect");
  }

  servePreview(port: number): void {
    this.served.push(port);
  }

  undo(checkpoint: string, agreed: Agreed): Promise<Undone> {
    this.undos.push({ checkpoint, agreed });
    return new Promise((resolve) => {
      this.#answerUndo = resolve;
    });
  }

  answerUndo(undone: Undone): void {
    this.#answerUndo(undone);
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  booting(stage: string): void {
    this.#tell({ kind: "runtime", runtime: { state: "booting", stage } });
  }

  ready(): void {
    this.#runtime.resolve(this.memory);
    this.#tell({
      kind: "runtime",
      runtime: { state: "ready", capabilities, root: ROOT, ports: [] },
    });
  }

  failed(message: string): void {
    this.#tell({ kind: "runtime", runtime: { state: "error", message } });
  }

  link(link: LinkState): void {
    this.#tell({ kind: "link", link });
  }

  attached(): void {
    this.link({ state: "attached", epoch: 1, container: "container-1" });
  }

  /** A call starts. @returns what the test can do to it */
  call(
    operation: OperationName,
    summary: string,
    input: Record<string, unknown> = {},
    client = "ChatGPT",
  ) {
    this.#calls += 1;
    const call = `call-${String(this.#calls).padStart(4, "0")}`;
    this.#call({ type: "started", call, operation, client, summary, input, at: Date.now() });
    return {
      output: (text: string) => this.#call({ type: "output", call, stream: "stdout", text }),
      done: (output: Record<string, unknown>, checkpoint?: string) => {
        const outcome = { ok: true, output } as const;
        this.#call({ type: "ended", call, at: Date.now(), outcome, checkpoint });
      },
      failed: (error: ErrorBody) =>
        this.#call({ type: "ended", call, at: Date.now(), outcome: { ok: false, error } }),
    };
  }

  #call(event: CallEvent): void {
    this.#tell({ kind: "call", call: event });
  }

  #tell(event: TabEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
