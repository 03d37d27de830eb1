import type { Scope } from "#protocol/operation.ts";
import { mintToken } from "#worker/identity/tokens.ts";
import { cookieOf, type EdgeRig, TEST_REALM } from "./edge-rig.ts";

export interface ApiKeyGiven {
  readonly key: string;
  readonly id: string;
  readonly session: string;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly scope: string;
}

/** One person in a browser of their own, as the sandbox page lets them act. */
export class Person {
  readonly id: string;
  readonly #rig: EdgeRig;
  readonly #cookie: string;

  private constructor(rig: EdgeRig, id: string, cookie: string) {
    this.#rig = rig;
    this.id = id;
    this.#cookie = cookie;
  }

  /** @param id of a user; local mode has as many as somebody signed claims for */
  static async signIn(rig: EdgeRig, id: string): Promise<Person> {
    const jti = crypto.randomUUID();
    const claim = await mintToken(TEST_REALM, "claim", { sub: id, name: id, jti });
    const answer = await rig.postFromPage("/auth/sign-in", { claim });
    await answer.text();
    return new Person(rig, id, cookieOf(answer));
  }

  get cookie(): string {
    return this.#cookie;
  }

  /** A request of the page. */
  page(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object) {
    const headers = { Cookie: this.#cookie, "Content-Type": "application/json" };
    return this.#rig.fromPage(path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async account(): Promise<Account> {
    return (await (await this.page("GET", "/auth/account")).json()) as Account;
  }

  /** @param container id of one, or `new` */
  async newKey(scopes: readonly Scope[], container = "new", name = "a key"): Promise<ApiKeyGiven> {
    const answer = await this.page("POST", "/auth/api-keys", { name, scopes, container });
    if (!answer.ok) throw new Error(await answer.text());
    const { key, account } = (await answer.json()) as { key: string; account: Account };
    const { id, session } = account.api_keys.at(-1) ?? { id: "", session: "" };
    return { key, id, session };
  }
}

/** What `/auth/account` tells, as far as tests look at it. */
export interface Account {
  readonly user: { readonly id: string; readonly name: string; readonly login: string | null };
  readonly clients: readonly {
    readonly session: string;
    readonly name: string;
    readonly type: string;
    readonly container: string;
    readonly came_by: string;
    readonly scopes: readonly string[];
  }[];
  readonly containers: readonly { readonly id: string; readonly name: string }[];
  readonly api_keys: readonly {
    readonly id: string;
    readonly name: string;
    readonly prefix: string;
    readonly session: string;
  }[];
}

/** A request to /api/v1/auth, without a token. */
export function postAuth(rig: EdgeRig, path: "login" | "refresh" | "logout", body: object) {
  return rig.worker.fetch(`/api/v1/auth/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export async function logIn(rig: EdgeRig, key: string): Promise<Tokens> {
  return (await (await postAuth(rig, "login", { api_key: key })).json()) as Tokens;
}

export const bearer = (token: string): Record<string, string> => ({
  Authorization: `Bearer ${token}`,
});
