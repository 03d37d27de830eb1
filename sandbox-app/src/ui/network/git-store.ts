import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import type { GitAccess } from "#protocol/git-grant.ts";
import type { ContainerGit, GitState, GitWish } from "../../tab/page-api.ts";
import { useChanges } from "../changes.ts";
import { gitAnnouncement } from "./git-words.ts";

const NOTHING: GitState = { hosts: [], repositories: [], credentials: [], wishes: [] };

/** Which repositories git may use, what it asked for, and the person's say. */
export const useGit = defineStore("git", () => {
  const git = shallowRef<ContainerGit | null>(null);
  const state = shallowRef<GitState>(NOTHING);
  const dismissed = shallowRef<ReadonlySet<string>>(new Set());
  const announced = ref("");
  const { busy, message, change } = useChanges(git);
  const wishes = computed(() =>
    state.value.wishes.filter((wish) => !dismissed.value.has(keyOf(wish))),
  );

  function take(next: GitState): void {
    const known = new Set(state.value.wishes.map(keyOf));
    const fresh = next.wishes.find((wish) => !known.has(keyOf(wish)));
    state.value = next;
    if (fresh !== undefined) announced.value = gitAnnouncement(fresh);
  }

  return {
    git,
    busy,
    message,
    change,
    announced,
    wishes,
    hosts: computed(() => state.value.hosts),
    repositories: computed(() => state.value.repositories),
    credentials: computed(() => state.value.credentials),
    attach(container: ContainerGit): void {
      git.value = container;
      container.on(take);
    },
    refresh(): void {
      message.value = "";
      // A failure leaves what is known.
      git.value?.refresh().catch(() => {});
    },
    allow: (repository: string, access: GitAccess, branches: string | null) =>
      change((container) => container.allow(repository, access, branches)),
    revoke: (repository: string) => change((container) => container.revoke(repository)),
    addCredential: (scope: string, username: string, token: string) =>
      change((container) => container.addCredential(scope, username, token)),
    removeCredential: (scope: string) => change((container) => container.removeCredential(scope)),
    dismiss: (wish: GitWish) => {
      dismissed.value = new Set([...dismissed.value, keyOf(wish)]);
    },
  };
});

/** What makes a wish the same one. */
export function keyOf({ access, repository }: GitWish): string {
  return `${access} ${repository}`;
}
