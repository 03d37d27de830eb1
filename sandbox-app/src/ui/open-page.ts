import type { Pinia } from "pinia";
import type { CallEvent, TabEvent } from "../tab/events.ts";
import type { Tab, TabOpening } from "../tab/page-api.ts";
import { useActivity } from "./activity/activity-store.ts";
import { useDocuments } from "./files/documents-store.ts";
import { useFiles } from "./files/files-store.ts";
import { editedPath, mayFollow } from "./files/following.ts";
import { useSession } from "./session/session-store.ts";

/** Opens the tab and lets the stores hear of all that happens in it, for as long as the page lives. */
export async function openPage(pinia: Pinia, open: () => Promise<TabOpening>): Promise<void> {
  const session = useSession(pinia);
  const opening = await open();
  session.opening = opening.state === "open" ? { state: "open" } : opening;
  if (opening.state === "open") await connect(pinia, opening.tab);
}

async function connect(pinia: Pinia, tab: Tab): Promise<void> {
  const session = useSession(pinia);
  session.tab = tab;
  tab.on((event) => took(pinia, event));
  try {
    const runtime = await tab.runtime;
    session.runtime = runtime;
    await useFiles(pinia).attach(runtime);
  } catch {
    // The runtime's own state, `error`, has told why; there are no files to show.
    return;
  }
}

function took(pinia: Pinia, event: TabEvent): void {
  useSession(pinia).took(event);
  if (event.kind !== "call") return;
  useActivity(pinia).take(event.call);
  void follow(pinia, event.call);
}

/** The file that a call has just edited opens, unless the person is busy with another. */
async function follow(pinia: Pinia, event: CallEvent): Promise<void> {
  const files = useFiles(pinia);
  const documents = useDocuments(pinia);
  const operation = useActivity(pinia).rowOf(event.call)?.operation ?? "";
  const path = editedPath(event, operation, files.root);
  const free = mayFollow({
    enabled: files.following,
    lastKeyAt: documents.lastKeyAt,
    now: Date.now(),
    activeDirty: documents.active?.dirty ?? false,
  });
  if (path === null || !free) return;
  await documents.show(path, isNewFile(event));
  await files.reveal(path);
}

function isNewFile(event: CallEvent): boolean {
  return event.type === "ended" && event.outcome.ok && event.outcome.output["created"] === true;
}
