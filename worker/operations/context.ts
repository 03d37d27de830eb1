import type { Scope } from "#protocol/operation.ts";
import type { Principal } from "../identity/principal.ts";
import type { ContainerLink } from "../relay/link.ts";

/** A container as the edge knows it. */
export interface ContainerRef {
  readonly id: string;
  readonly name: string;
}

/** The containers that a principal may reach, and how to reach them. */
export interface ContainerDirectory {
  /**
   * @param named id of a container of this user; `current` or undefined is the user's default
   * @throws DiscoError `container_not_found`, the same for an unknown and for a foreign one
   */
  resolve(user: string, named: string | undefined): Promise<ContainerRef>;
  link(container: string): ContainerLink;
}

/** What a face knows about one call, besides its name and arguments. */
export interface CallContext {
  readonly principal: Principal;
  /** Name of the client as the page shows it; untrusted, but bounded. */
  readonly client: string;
  /** The container as the caller named it. */
  readonly container: string | undefined;
  readonly containers: ContainerDirectory;
  /** Page that the person opens to run the container. */
  readonly openUrl: string;
  /** The rule for the origins of previews (protocol/previews.ts). */
  readonly previews: string;
  /** True when this machine's own user calls. */
  readonly local: boolean;
  /** Aborts when the caller goes away; undefined where the face cannot know. */
  readonly signal?: AbortSignal | undefined;
}

/** What an operation that runs at the edge gets. */
export interface EdgeContext {
  readonly container: ContainerRef;
  readonly link: ContainerLink;
  readonly openUrl: string;
  readonly previews: string;
  /** Shown in the page when the operation calls the tab; untrusted text. */
  readonly client: string;
  /** What the caller may see and do. */
  readonly scopes: readonly Scope[];
  /** Aborts when the caller goes away, or the operation's time is over. */
  readonly signal: AbortSignal;
}
