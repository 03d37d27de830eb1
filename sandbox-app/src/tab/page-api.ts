import type { Runtime } from "../runtime/runtime.ts";
import type { TabEvent } from "./events.ts";

/** Who is signed in, and the container that this page runs. */
export interface Identity {
  readonly user: { readonly id: string; readonly name: string };
  readonly container: { readonly id: string; readonly name: string };
}

/** Public values of the worker, from `GET /config`. */
export interface AppConfig {
  readonly version: string;
  readonly origin: string;
  readonly runtime_origin: string;
  readonly mcp_url: string;
  readonly api_url: string;
  readonly docs_url: string;
  readonly websocket_url: string;
  readonly local: boolean;
}

/** A running tab: the container's runtime, and its connection to the relay. */
export interface Tab {
  readonly identity: Identity;
  readonly config: AppConfig;
  /** The container's files and programs, for the editor and the terminals of the page. */
  readonly runtime: Promise<Runtime>;
  /** Replays the latest link and runtime states to a new listener, then tells what happens. */
  on(listener: (event: TabEvent) => void): () => void;
  /** After `taken_over`: attach again, which takes over from the other tab. */
  takeBack(): void;
  /** While `reconnecting`: try at once. */
  reconnectNow(): void;
  dispose(): Promise<void>;
}

/** What came of opening the page; `openTab()` in tab.ts resolves to it and never rejects. */
export type TabOpening =
  | { readonly state: "open"; readonly tab: Tab }
  /** Nobody is signed in: the link was used before, is too old, or there was none. */
  | { readonly state: "signed_out"; readonly config: AppConfig }
  /** The browser, or the way the page is served, lacks these; the container cannot run here. */
  | { readonly state: "unsupported"; readonly missing: readonly string[] }
  /** The worker could not be asked; a reload may help. The message is for the person. */
  | { readonly state: "unreachable"; readonly message: string };
