import type { RuntimeState } from "#protocol/capabilities.ts";
import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import type { Runtime } from "../../runtime/runtime.ts";
import type { LinkState, TabEvent } from "../../tab/events.ts";
import type { Tab } from "../../tab/page-api.ts";
import { firstStage, type Stage, withBootEvent } from "./boot-stages.ts";
import { useStorage } from "../storage/storage-store.ts";
import { type Action, type Opening, pageStatus, pageView } from "./page-state.ts";

/** Leads to GitHub and back to the page. */
const SIGN_IN_URL = "/api/v1/auth/github?return_to=/sandbox";

/** The tab, what it last said of itself, and the page's state that follows from it. */
export const useSession = defineStore("session", () => {
  const storage = useStorage();
  const opening = shallowRef<Opening>({ state: "opening" });
  const tab = shallowRef<Tab | null>(null);
  const runtime = shallowRef<Runtime | null>(null);
  const link = shallowRef<LinkState | null>(null);
  const runtimeState = shallowRef<RuntimeState | null>(null);
  const online = ref(navigator.onLine);
  const stages = shallowRef<readonly Stage[]>(firstStage(Date.now()));
  const wasReady = ref(false);

  const status = computed(() =>
    pageStatus({
      opening: opening.value,
      link: link.value,
      runtime: runtimeState.value,
      online: online.value,
      storage: storage.state,
      local: tab.value?.config.local ?? true,
    }),
  );
  const view = computed(() => pageView(status.value, wasReady.value));
  const retryAt = computed(() =>
    link.value?.state === "reconnecting" ? link.value.retryAt : null,
  );

  function took(event: TabEvent): void {
    stages.value = withBootEvent(stages.value, event, Date.now());
    if (event.kind === "link") link.value = event.link;
    if (event.kind !== "runtime") return;
    runtimeState.value = event.runtime;
    if (event.runtime.state === "ready") wasReady.value = true;
  }

  function act(action: Action): void {
    if (action === "reload") location.reload();
    else if (action === "open_own") location.assign(location.pathname);
    else if (action === "sign_in") location.assign(SIGN_IN_URL);
    else if (action === "take_back") tab.value?.takeBack();
    else tab.value?.reconnectNow();
  }

  return {
    opening,
    tab,
    runtime,
    link,
    runtimeState,
    online,
    stages,
    status,
    view,
    retryAt,
    took,
    act,
  };
});
