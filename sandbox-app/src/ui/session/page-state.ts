import type { RuntimeState } from "#protocol/capabilities.ts";
import type { LinkState } from "../../tab/events.ts";
import type { StorageState } from "../../tab/page-api.ts";
import { reloadCosts } from "../storage/storage-words.ts";
import { visibleLine } from "../text/visible.ts";

/** How opening the page went, before there is a tab. */
export type Opening =
  | { readonly state: "opening" }
  | { readonly state: "open" }
  | { readonly state: "signed_out"; readonly config: { readonly local: boolean } }
  | { readonly state: "no_container"; readonly wasDeleted: boolean }
  | { readonly state: "unsupported"; readonly missing: readonly string[] }
  | { readonly state: "unreachable"; readonly message: string };

export interface Facts {
  readonly opening: Opening;
  /** Null until the tab has told it. */
  readonly link: LinkState | null;
  readonly runtime: RuntimeState | null;
  /** What the browser says of the network. */
  readonly online: boolean;
  /** How the files are kept; null until that is known. */
  readonly storage: StorageState | null;
  /** Whether it is served by the person's own machine. */
  readonly local: boolean;
}

export type StatusKind =
  | "opening"
  | "booting"
  | "connecting"
  | "ready"
  | "reconnecting"
  | "offline"
  | "taken_over"
  | "deleted"
  | "no_container"
  | "version_changed"
  | "signed_out"
  | "runtime_error"
  | "unsupported"
  | "unreachable";

export type Tone = "good" | "busy" | "warn" | "bad";

/** What a person can do about it, with one button. */
export type Action = "try_now" | "take_back" | "reload" | "open_own" | "sign_in";

/** The page's state in words. `note` says what happened, what was lost, and what still works. */
export interface Status {
  readonly kind: StatusKind;
  readonly tone: Tone;
  /** Two or three words for the top bar, the title and the favicon. */
  readonly label: string;
  /** Null when there is nothing to explain. */
  readonly note: { readonly what: string; readonly lost: string } | null;
  readonly action: { readonly does: Action; readonly label: string } | null;
}

const STILL_HERE = "Nothing was lost: files, editor and terminals go on working here.";
const reload = { does: "reload", label: "Reload" } as const;
const signIn = { does: "sign_in", label: "Sign in with GitHub" } as const;

/** The one state that matters most to the person now. */
export function pageStatus({ opening, link, runtime, online, storage, local }: Facts): Status {
  if (opening.state !== "open") return openingStatus(opening);
  const final = link === null ? null : lastWord(link, storage, local);
  if (final !== null) return final;
  if (runtime?.state === "error") return runtimeError(runtime.message, storage);
  const trouble = link === null ? null : networkTrouble(link, online);
  if (trouble !== null) return trouble;
  if (runtime?.state !== "ready") return booting(runtime?.stage);
  return link?.state === "attached" ? ready : connecting;
}

function networkTrouble(link: LinkState, online: boolean): Status | null {
  if (link.state === "attached") return null;
  if (!online) return offline;
  return link.state === "reconnecting" ? reconnecting(link.reason) : null;
}

/** States of the link that last until the person does something. */
function lastWord(link: LinkState, storage: StorageState | null, local: boolean): Status | null {
  switch (link.state) {
    case "version_changed":
      return versionChanged(storage);
    case "signed_out":
      return signedOutLater(local);
    case "taken_over":
      return takenOver(storage);
    case "deleted":
      return deleted;
    default:
      return null;
  }
}

/** Which of the three pages is shown: the boot, a stop with one thing to do, or the workbench. */
export function pageView(status: Status, wasReady: boolean): "boot" | "stop" | "workbench" {
  if (status.kind === "deleted") return "stop";
  if (wasReady) return "workbench";
  switch (status.kind) {
    case "no_container":
    case "signed_out":
    case "unsupported":
    case "unreachable":
    case "version_changed":
    case "taken_over":
    case "runtime_error":
      return "stop";
    case "opening":
    case "booting":
      return "boot";
    default:
      return "workbench";
  }
}

function openingStatus(opening: Exclude<Opening, { state: "open" }>): Status {
  switch (opening.state) {
    case "opening":
      return { kind: "opening", tone: "busy", label: "Opening", note: null, action: null };
    case "signed_out":
      return signedOutFirst(opening.config.local);
    case "no_container":
      return opening.wasDeleted ? deleted : noContainer;
    case "unsupported":
      return {
        kind: "unsupported",
        tone: "bad",
        label: "Unsupported browser",
        note: {
          what: `This browser cannot run a container. It lacks: ${opening.missing.map(visibleLine).join(", ")}.`,
          lost: "Nothing was started. Open this page in a current Chrome, Edge or another Chromium.",
        },
        action: null,
      };
    case "unreachable":
      return {
        kind: "unreachable",
        tone: "bad",
        label: "Could not open",
        note: {
          what: sentence(`The page could not reach its worker: ${visibleLine(opening.message)}`),
          lost: "Nothing was started. Check that npm start is still running, then reload.",
        },
        action: reload,
      };
  }
}

const ready: Status = { kind: "ready", tone: "good", label: "Ready", note: null, action: null };

const connecting: Status = {
  kind: "connecting",
  tone: "busy",
  label: "Connecting",
  note: null,
  action: null,
};

function booting(stage: string | undefined): Status {
  const label = stage === undefined ? "Starting" : visibleLine(stage);
  return { kind: "booting", tone: "busy", label, note: null, action: null };
}

function reconnecting(reason: string): Status {
  return {
    kind: "reconnecting",
    tone: "warn",
    label: "Reconnecting",
    note: {
      what: `The connection was lost (${visibleLine(reason)}). Clients cannot reach this container.`,
      lost: STILL_HERE,
    },
    action: { does: "try_now", label: "Try now" },
  };
}

const offline: Status = {
  kind: "offline",
  tone: "warn",
  label: "Offline",
  note: { what: "This machine is offline. Clients cannot reach this container.", lost: STILL_HERE },
  action: { does: "try_now", label: "Try now" },
};

function takenOver(storage: StorageState | null): Status {
  return {
    kind: "taken_over",
    tone: "warn",
    label: "Open in another tab",
    note: {
      what: "Another tab runs this container now, and calls go there.",
      lost: reloadCosts(storage),
    },
    action: { does: "take_back", label: "Run it here" },
  };
}

const openOwn = { does: "open_own", label: "Open your own container" } as const;

const deleted: Status = {
  kind: "deleted",
  tone: "bad",
  label: "Deleted",
  note: {
    what: "This container was deleted.",
    lost: "Its files are deleted in this browser too, and nothing brings them back. Nothing was done to your other containers.",
  },
  action: openOwn,
};

const noContainer: Status = {
  kind: "no_container",
  tone: "bad",
  label: "No such container",
  note: {
    what: "The address names a container that you do not have.",
    lost: "Nothing was started. Check the link, or open your own container.",
  },
  action: openOwn,
};

function versionChanged(storage: StorageState | null): Status {
  return {
    kind: "version_changed",
    tone: "warn",
    label: "Reload needed",
    note: {
      what: "Disco was updated, and this page is of the old version. Clients cannot reach it.",
      lost: reloadCosts(storage),
    },
    action: reload,
  };
}

/** @param local the person's own machine, where a link signs in; elsewhere GitHub does */
function signedOutFirst(local: boolean): Status {
  return {
    kind: "signed_out",
    tone: "bad",
    label: "Signed out",
    note: {
      what: "This browser is not signed in to Disco.",
      lost: local
        ? "Open the sandbox link that npm start printed. It signs in one browser; if it was used, restart npm start for a new one."
        : "Disco asks GitHub who you are, and for nothing else.",
    },
    action: local ? null : signIn,
  };
}

function signedOutLater(local: boolean): Status {
  const again = local
    ? "To connect again, restart npm start and open the link it prints."
    : "To connect again, sign in; that loads the page anew.";
  return {
    ...signedOutFirst(local),
    note: {
      what: "Your sign-in has ended. Clients cannot reach this container.",
      lost: `${STILL_HERE} ${again}`,
    },
  };
}

function runtimeError(message: string, storage: StorageState | null): Status {
  return {
    kind: "runtime_error",
    tone: "bad",
    label: "Container failed",
    note: {
      what: sentence(`The container stopped: ${visibleLine(message)}`),
      lost: afterFailure(storage),
    },
    action: reload,
  };
}

/** A runtime that has failed saves nothing any more. */
function afterFailure(storage: StorageState | null): string {
  if (storage?.state === "saved") return reloadCosts(storage);
  if (storage === null) return "Nothing was started. Reloading tries again.";
  return "Changes of its last seconds may be lost; reloading restores what was saved.";
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
