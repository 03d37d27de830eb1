import { defineStore } from "pinia";
import { shallowRef } from "vue";
import { useGit } from "./git-store.ts";

/** What the person lends at GitHub. */
export const useGithub = defineStore("github", () => {
  const git = useGit();
  const repositories = shallowRef<readonly string[] | null>(null);

  return {
    /** Their addresses, to pick from; null: GitHub is not connected. */
    repositories,
    /** Asks again; a failure leaves what is known. */
    async look(): Promise<void> {
      try {
        repositories.value = (await git.git?.githubRepositories()) ?? null;
      } catch {
        // The list to pick from is a help; repositories can be typed as well.
      }
    },
    /** @returns where the person says yes; null when it failed, for which there is a message */
    async connect(): Promise<string | null> {
      let url: string | null = null;
      await git.change(async (container) => {
        url = await container.connectGithub();
      });
      return url;
    },
  };
});
