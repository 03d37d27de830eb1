import type { Pinia } from "pinia";
import type { CallEvent, TabEvent } from "../tab/events.ts";
import type { Tab, TabOpening } from "../tab/page-api.ts";
import { useAccount } from "./account/account-store.ts";
import { useActivity } from "./activity/activity-store.ts";
import { useDocuments } from "./files/documents-store.ts";
import { useFiles } from "./files/files-store.ts";
import { editedPath, mayFollow, pathToEdit } from "./files/following.ts";
import { useLayout } from "./layout/layout-store.ts";
import { useNetwork } from "./network/network-store.ts";
import { useStorage } from "./storage/storage-store.ts";
import { usePreviews } from "./preview/previews-store.ts";
import { useProcesses } from "./processes/processes-store.ts";
import { useSession } from "./session/session-store.ts";

/** Opens the tab and lets the stores hear of all that happens in it, for as long as the page lives. */
export async function openPage(pinia: Pinia, open: () => Promise<TabOpening>): Promise<void> {
  const session = useSession(pinia);
  const opening = await open().catch(unexpected);
  session.opening = opening.state === "open" ? { state: "open" } : opening;
  if (opening.state === "open") await connect(pinia, opening.tab);
}

function unexpected(error: unknown): TabOpening {
  const message = error instanceof Error ? error.message : "an unexpected error";
  return { state: "unreachable", message };
}

async function connect(pinia: Pinia, tab: Tab): Promise<void> {
  const session = useSession(pinia);
  session.tab = tab;
  useAccount(pinia).attach(tab.account);
  // Loads while the runtime boots: the first terminal opens as soon as that is done.
  if (!useLayout(pinia).narrow) void import("./terminal/shell-terminal.ts");
  const texts: Before = new Map();
  tab.on((event) => took(pinia, event, texts));
  try {
    const runtime = await tab.runtime;
    session.runtime = runtime;
    usePreviews(pinia).attach(runtime);
    useProcesses(pinia).attach(runtime);
    useNetwork(pinia).attach(await tab.network);
    void useStorage(pinia).attach(await tab.storage);
    await useFiles(pinia).attach(runtime);
  } catch {
    // The runtime's own state, `error`, has told why; there are no files to show.
    return;
  }
}

function took(pinia: Pinia, event: TabEvent, texts: Before): void {
  useSession(pinia).took(event);
  if (event.kind !== "call") return;
  useActivity(pinia).take(event.call);
  if (event.call.type !== "output") useProcesses(pinia).changed();
  void follow(pinia, event.call, texts);
}

/** Call → the file's text before it; null as long as, and when, that is not known. */
type Before = Map<string, Promise<string | null>>;

/** The file that a call has just edited opens, unless the person is busy with another. */
async function follow(pinia: Pinia, event: CallEvent, texts: Before): Promise<void> {
  const files = useFiles(pinia);
  const documents = useDocuments(pinia);
  const toEdit = pathToEdit(event, files.root);
  if (toEdit !== null && files.following) texts.set(event.call, documents.textBefore(toEdit));
  if (event.type !== "ended") return;
  const before = texts.get(event.call);
  texts.delete(event.call);
  const operation = useActivity(pinia).rowOf(event.call)?.operation ?? "";
  const path = editedPath(event, operation, files.root);
  const free = mayFollow({
    enabled: files.following,
    lastKeyAt: documents.lastKeyAt,
    now: Date.now(),
    activeDirty: documents.active?.dirty ?? false,
  });
  if (path === null || !free) return;
  const isNew = event.outcome.ok && event.outcome.output["created"] === true;
  await documents.show(path, isNew ? "" : ((await before) ?? null));
  await files.reveal(path);
}
