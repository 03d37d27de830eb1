import { defineStore } from "pinia";
import { type Ref, ref, shallowRef } from "vue";
import type { AccountState, NewKey, PersonAccount } from "../../tab/page-api.ts";
import { visibleLine } from "../text/visible.ts";

/** Who is signed in, what clients and keys the person gave away, and the ways to end that. */
export const useAccount = defineStore("account", () => {
  const person = shallowRef<PersonAccount | null>(null);
  /** Null until the worker has said it. */
  const state = shallowRef<AccountState | null>(null);
  const isOpen = ref(false);
  /** Once true, the dialog's code is loaded. */
  const wasOpened = ref(false);
  const { busy, message, run } = useRuns(person);
  /** A key that was just made; it is gone when the dialog closes. */
  const freshKey = ref<string | null>(null);

  const change = (work: (account: PersonAccount) => Promise<AccountState>): Promise<boolean> =>
    run(async (account) => {
      state.value = await work(account);
    });

  /** What ends the sign-in ends the page too, which shows then how to sign in. */
  const leave = (work: (account: PersonAccount) => Promise<void>): Promise<boolean> =>
    run(async (account) => {
      await work(account);
      location.reload();
    });

  function show(): void {
    wasOpened.value = true;
    isOpen.value = true;
    message.value = "";
    void change((account) => account.read());
  }

  function hide(): void {
    isOpen.value = false;
    freshKey.value = null;
  }

  return {
    person,
    state,
    isOpen,
    wasOpened,
    busy,
    message,
    freshKey,
    show,
    hide,
    attach: (account: PersonAccount) => {
      person.value = account;
    },
    bind: (session: string, container: string) =>
      change((account) => account.bind(session, container)),
    endClient: (session: string) => change((account) => account.endClient(session)),
    revokeKey: (id: string) => change((account) => account.revokeKey(id)),
    createKey: (key: NewKey) =>
      change(async (account) => {
        const made = await account.createKey(key);
        freshKey.value = made.key;
        return made.account;
      }),
    signOut: () => leave((account) => account.signOut()),
    signOutEverywhere: () => leave((account) => account.signOutEverywhere()),
    deleteMyData: () => leave((account) => account.deleteMyData()),
  };
});

/** What is asked of the worker: one thing at a time, with words when it fails. */
function useRuns(person: Readonly<Ref<PersonAccount | null>>) {
  const busy = ref(false);
  /** Why the last thing failed; empty when it did not. */
  const message = ref("");

  /** @returns whether it was done */
  async function run(work: (account: PersonAccount) => Promise<void>): Promise<boolean> {
    if (busy.value || person.value === null) return false;
    busy.value = true;
    message.value = "";
    try {
      await work(person.value);
      return true;
    } catch (error) {
      message.value = visibleLine(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, message, run };
}
