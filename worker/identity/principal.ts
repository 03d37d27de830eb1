import type { Scope } from "#protocol/operation.ts";
import type { InstanceType } from "#protocol/sessions.ts";

/** Who a request acts for; made by `authenticate` and never changed afterwards. */
export interface Principal {
  /** Id of the user. */
  readonly user: string;
  /** Id and shown name of the client; the name is the client's own claim and untrusted text. */
  readonly client: { readonly id: string; readonly name: string };
  readonly scopes: readonly Scope[];
  /** The client's own, of which it has one. */
  readonly session: {
    readonly id: string;
    readonly type: InstanceType;
    /** What the client works on when it names no container; null: the user's default one. */
    readonly container: { readonly id: string; readonly name: string } | null;
    /** Whether the sandbox page opens that container when it is told no other. */
    readonly isDefault: boolean;
  };
}
