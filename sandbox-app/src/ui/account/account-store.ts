import { defineStore } from "pinia";
import { ref, shallowRef } from "vue";
import type { AccountState, NewKey, PersonAccount } from "../../tab/page-api.ts";
import { useChanges } from "../changes.ts";

/** Who is signed in, what clients and keys the person gave away, and the ways to end that. */
export const useAccount = defineStore("account", () => {
  const person = shallowRef<PersonAccount | null>(null);
  /** Null until the worker has said it. */
  const state = shallowRef<AccountState | null>(null);
  const isOpen = ref(false);
  /** Once true, the dialog's code is loaded. */
  const wasOpened = ref(false);
  const { busy, message, change: run } = useChanges(person);
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
