import { defineStore } from "pinia";
import { computed, ref, type Ref, shallowRef } from "vue";
import type { ContainerNetwork, Grant, HostUse, NetworkState, Wish } from "../../tab/page-api.ts";
import { visibleLine } from "../text/visible.ts";
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
  }

  function show(): void {
    isOpen.value = true;
    message.value = "";
    // What another page changed; a failure leaves what is known.
    network.value?.refresh().catch(() => {});
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

/** Changes of what is allowed: one at a time, with words when one fails. */
function useChanges(network: Readonly<Ref<ContainerNetwork | null>>) {
  const busy = ref(false);
  /** Why the last change failed; empty when it did not. */
  const message = ref("");

  /** @returns whether it was done */
  async function change(work: (container: ContainerNetwork) => Promise<void>): Promise<boolean> {
    if (busy.value || network.value === null) return false;
    busy.value = true;
    message.value = "";
    try {
      await work(network.value);
      return true;
    } catch (error) {
      message.value = visibleLine(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, message, change };
}
