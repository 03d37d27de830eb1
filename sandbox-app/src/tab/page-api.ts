import type { AppConfig, Identity } from "#protocol/page-data.ts";
import type { ContainerStorage } from "../runtime/embedded/storage/port/container-storage.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Agreed, Undone } from "../checkpoints/undo-call.ts";
import type { TabEvent } from "./events.ts";
import type { PersonAccount } from "./account.ts";
import type { ContainerNetwork } from "./network.ts";

export type { AppConfig, ContainerNetwork, ContainerStorage, Identity };
export type { Agreed, Undone } from "../checkpoints/undo-call.ts";
export type { ContainerGit, GitRepository, GitState } from "./git-access.ts";
export type { AccountClient, AccountKey, AccountState, NewKey, PersonAccount } from "./account.ts";
export type { Grant, NetworkState } from "./network.ts";
export type { GitWish, HostUse, Wish } from "../runtime/embedded/network/messages.ts";
export type { Restored, StorageState } from "../runtime/embedded/storage/port/messages.ts";

/** A running tab: the container's runtime, and its connection to the relay. */
export interface Tab {
  readonly identity: Identity;
  readonly config: AppConfig;
  /** The container's files and programs, for the editor and the terminals of the page. */
  readonly runtime: Promise<Runtime>;
  /** How the container's files are kept in this browser. Rejects as `runtime` does. */
  readonly storage: Promise<ContainerStorage>;
  /** What the container may reach of other hosts. Rejects as `runtime` does. */
  readonly network: Promise<ContainerNetwork>;
  /** Who is signed in, and what the person gave away. */
  readonly account: PersonAccount;
  /** Replays the latest link and runtime states to a new listener, then tells what happens. */
  on(listener: (event: TabEvent) => void): () => void;
  /**
   * After `taken_over`: reload, which takes the container over from the other tab and restores what
   * that one saved last.
   */
  takeBack(): void;
  /** While `reconnecting`: try at once. */
  reconnectNow(): void;
  /** Lets a preview of this port of the container connect to it, by messages on `connections`. */
  servePreview(port: number, connections: MessagePort): void;
  /**
   * Takes back what a call has changed, with the checkpoint that its end told of. Where later changes
   * would be lost it asks: nothing was done then. Never rejects.
   */
  undo(checkpoint: string, agreed: Agreed): Promise<Undone>;
  dispose(): Promise<void>;
}

/** What came of opening the page; `openTab()` in tab.ts resolves to it and never rejects. */
export type TabOpening =
  | { readonly state: "open"; readonly tab: Tab }
  /** Nobody is signed in: the link was used before, is too old, or there was none. */
  | { readonly state: "signed_out"; readonly config: AppConfig }
  /** The address names a container that is not this person's; or that was, and was deleted. */
  | { readonly state: "no_container"; readonly wasDeleted: boolean }
  /** The browser, or the way the page is served, lacks these; the container cannot run here. */
  | { readonly state: "unsupported"; readonly missing: readonly string[] }
  /** The worker could not be asked; a reload may help. The message is for the person. */
  | { readonly state: "unreachable"; readonly message: string };
