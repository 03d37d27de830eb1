import * as z from "zod";
import { scopes } from "#protocol/operation.ts";
import { InstanceType } from "#protocol/sessions.ts";
import { askWorker } from "./worker-request.ts";

const AccountAnswer = z.object({
  user: z.object({ id: z.string(), name: z.string(), login: z.string().nullable() }),
  clients: z.array(
    z.object({
      session: z.string(),
      name: z.string(),
      type: InstanceType,
      container: z.string().nullable(),
      created_at: z.number(),
      used_at: z.number().nullable(),
      came_by: z.enum(["oauth", "api_key", "local_token"]),
      host: z.string().nullable(),
      scopes: z.array(z.string()),
    }),
  ),
  containers: z.array(z.object({ id: z.string(), name: z.string(), state: z.string() })),
  api_keys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      prefix: z.string(),
      scopes: z.array(z.string()),
      created_at: z.number(),
      session: z.string(),
    }),
  ),
  scopes: z.array(z.object({ scope: z.enum(scopes), words: z.string() })),
});

/** Who is signed in, and what the person gave away. */
export type AccountState = Readonly<z.infer<typeof AccountAnswer>>;
export type AccountClient = AccountState["clients"][number];
export type AccountKey = AccountState["api_keys"][number];

const NewKeyAnswer = z.object({ key: z.string(), account: AccountAnswer });

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Id of a container, or `new`. */
  readonly container: string;
}

/** The person's say over clients and keys. Every method rejects with words for the person. */
export interface PersonAccount {
  read(): Promise<AccountState>;
  /** Hands a container to a client; `new` makes one for it. */
  bind(session: string, container: string): Promise<AccountState>;
  /** Ends all that a client was given. */
  endClient(session: string): Promise<AccountState>;
  /** The key is in this answer and nowhere else, ever. */
  createKey(key: NewKey): Promise<{ readonly key: string; readonly account: AccountState }>;
  revokeKey(id: string): Promise<AccountState>;
  signOut(): Promise<void>;
  signOutEverywhere(): Promise<void>;
  deleteMyData(): Promise<void>;
}

const sessionPath = (session: string): string => `/auth/sessions/${encodeURIComponent(session)}`;

/** What the worker keeps of the person; nothing of it is kept here. */
export const workerAccount: PersonAccount = {
  read: async () => AccountAnswer.parse(await askWorker("/auth/account", "GET")),
  bind: async (session, container) =>
    AccountAnswer.parse(await askWorker(sessionPath(session), "PUT", { container })),
  endClient: async (session) =>
    AccountAnswer.parse(await askWorker(sessionPath(session), "DELETE")),
  createKey: async (key) => NewKeyAnswer.parse(await askWorker("/auth/api-keys", "POST", key)),
  revokeKey: async (id) =>
    AccountAnswer.parse(await askWorker(`/auth/api-keys/${encodeURIComponent(id)}`, "DELETE")),
  signOut: async () => void (await askWorker("/auth/sign-out", "POST", {})),
  signOutEverywhere: async () => void (await askWorker("/auth/sign-out-everywhere", "POST", {})),
  deleteMyData: async () =>
    void (await askWorker("/auth/delete-my-data", "POST", { confirm: "delete my data" })),
};
