import type { Scope } from "#protocol/operation.ts";
import type { InstanceType } from "#protocol/sessions.ts";

/** Who a request acts for; made by `authenticate` and never changed afterwards. */
export interface Principal {
  /** Id of the user. */
  readonly user: string;
  /** Id and shown name of the client; the name is the client's own claim and untrusted text. */
  readonly client: { readonly id: string; readonly name: string };
  readonly scopes: readonly Scope[];
  /** Binds the client to the container that it works on when it names none. */
  readonly session: {
    readonly id: string;
    readonly type: InstanceType;
    readonly container: { readonly id: string; readonly name: string };
  };
}
