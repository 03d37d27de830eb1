import type { Scope } from "#protocol/operation.ts";

/** What each scope lets a client do, as the consent page says it to the person. */
export const scopeWords: Readonly<Record<Scope, string>> = {
  "containers:read": "See whether your container is ready",
  "containers:write": "Create, rename and delete containers",
  "files:read": "Read and search your files",
  "files:write": "Change, move and delete your files",
  "git:read":
    "See the state of your repositories, and list those that you have at GitHub, private ones too",
  "git:write": "Clone repositories, commit and pull",
  "git:push": "Push to the repositories that you allowed",
  "terminal:run": "Run commands and programs",
  "sessions:read": "See which clients you use, and on which containers",
  "sessions:write": "Sign out your other clients",
};
