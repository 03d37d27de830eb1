import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import type { ContainerNetwork, Grant, HostUse, NetworkState, Wish } from "../../tab/page-api.ts";
import { useChanges } from "../changes.ts";
import { useGit } from "./git-store.ts";
import { announcement } from "./network-words.ts";
import { mergeWishes } from "./wishes.ts";

/** Which hosts the container may reach, what its programs asked for, and the person's say. */
export const useNetwork = defineStore("network", () => {
  const network = shallowRef<ContainerNetwork | null>(null);
  /** Null until the worker has said it. */
  const grants = shallowRef<readonly Grant[] | null>(null);
  const uses = shallowRef<readonly HostUse[]>([]);
  const all = shallowRef<readonly Wish[]>([]);
  const dismissed = shallowRef<ReadonlySet<string>>(new Set());
  const isOpen = ref(false);
  const { busy, message, change } = useChanges(network);
  const announced = ref("");
  const git = useGit();

  const wishes = computed(() => all.value.filter(({ host }) => !dismissed.value.has(host)));
  const dismissedWishes = computed(() => all.value.filter(({ host }) => dismissed.value.has(host)));

  function take(state: NetworkState): void {
    const known = new Set(all.value.map(({ host }) => host));
    grants.value = state.grants;
    uses.value = state.uses;
    all.value = mergeWishes(all.value, state.wishes, state.grants ?? []);
    const fresh = all.value.filter(({ host }) => !known.has(host));
    if (fresh.length > 0) announced.value = announcement(fresh);
  }

  function attach(container: ContainerNetwork): void {
    network.value = container;
    container.on(take);
    git.attach(container.git);
  }

  function show(): void {
    isOpen.value = true;
    message.value = "";
    // What another page changed; a failure leaves what is known.
    network.value?.refresh().catch(() => {});
    git.refresh();
  }

  return {
    network,
    grants,
    uses,
    wishes,
    dismissedWishes,
    isOpen,
    busy,
    message,
    announced,
    attach,
    show,
    allow: (host: string) => change((container) => container.allow(host)),
    revoke: (host: string) => change((container) => container.revoke(host)),
    dismiss: (host: string) => {
      dismissed.value = new Set([...dismissed.value, host]);
    },
  };
});
