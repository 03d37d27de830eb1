import type { Face, Scope } from "#protocol/operation.ts";
import type { Principal } from "../identity/principal.ts";
import type { ContainerLink, OnProgress } from "../relay/link.ts";

/** A container as the edge knows it. */
export interface ContainerRef {
  readonly id: string;
  readonly name: string;
}

/** One of a user's containers, as a list of them tells it. */
export interface OwnContainer extends ContainerRef {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** `current` names it. */
  readonly isCurrent: boolean;
}

/** The containers of one user, for operations on the containers themselves. */
export interface OwnContainers {
  /** The oldest first. */
  list(): Promise<readonly OwnContainer[]>;
  /** @throws DiscoError `too_many_containers` */
  create(name: string): Promise<OwnContainer>;
  /** @throws DiscoError `container_not_found`, `container_deleted` */
  rename(named: string, name: string): Promise<ContainerRef>;
  /** Of these ids, those that the user had and deleted lately. */
  deletedAmong(ids: readonly string[]): Promise<string[]>;
  /**
   * Deletes all that is kept of the container. What a failure left is deleted by doing it again.
   *
   * @returns whether it was there
   * @throws DiscoError `container_not_found`, the same for an unknown and for a foreign one
   */
  remove(named: string): Promise<boolean>;
}

/** The containers that a principal may reach, and how to reach them. */
export interface ContainerDirectory {
  /**
   * @param named id of a container of this user; `current` or undefined is the user's default
   * @throws DiscoError `container_not_found`, the same for an unknown and for a foreign one;
   *   `container_deleted` to the user who had it, for a while
   */
  resolve(user: string, named: string | undefined): Promise<ContainerRef>;
  of(user: string): OwnContainers;
  link(container: string): ContainerLink;
}

/** What a face knows about one call, besides its name and arguments. */
export interface CallContext {
  /** The way that the call came in; operations that it does not offer are unknown to it. */
  readonly face: Face;
  readonly principal: Principal;
  /** Name of the client as the page shows it; untrusted, but bounded. */
  readonly client: string;
  /** The container as the caller named it. */
  readonly container: string | undefined;
  readonly containers: ContainerDirectory;
  /** The sandbox page, which opens the user's own container unless another is named. */
  readonly openUrl: string;
  /** The rule for the origins of previews (protocol/previews.ts). */
  readonly previews: string;
  /** Aborts when the caller goes away; undefined where the face cannot know. */
  readonly signal?: AbortSignal | undefined;
  /** Hears how the call goes on, when the caller wants to know. */
  readonly onProgress?: OnProgress | undefined;
}

/** What an operation that runs at the edge gets. */
export interface EdgeContext {
  readonly container: ContainerRef;
  readonly link: ContainerLink;
  /** Page that the person opens to run the container. */
  readonly openUrl: string;
  readonly previews: string;
  /** Shown in the page when the operation calls the tab; untrusted text. */
  readonly client: string;
  /** What the caller may see and do. */
  readonly scopes: readonly Scope[];
  /** Aborts when the caller goes away, or the operation's time is over. */
  readonly signal: AbortSignal;
  /** Hears how the call goes on, when the caller wants to know. */
  readonly onProgress?: OnProgress | undefined;
}

/** What an operation on the user's containers themselves gets. */
export interface DirectoryContext {
  readonly containers: OwnContainers;
  /** The container as the caller named it, where the route names one. */
  readonly named: string | undefined;
  readonly openUrl: string;
  link(container: string): ContainerLink;
}
