import type * as z from "zod";
import type { ErrorCode } from "#protocol/error-catalogue.ts";
import type { OperationName, Registry } from "#protocol/registry.ts";

/** What a row has around it: a workspace on this machine's disk, and a client of its container. */
export interface Stage {
  readonly put: (name: string, content: string | Uint8Array) => Promise<void>;
  /** Null: no such file. */
  readonly textOf: (name: string) => Promise<string | null>;
  /** A call that has to succeed. @returns its structured output */
  readonly call: (name: OperationName, args: object) => Promise<Record<string, unknown>>;
}

/** Arguments as they are, or made of what the stage has been given for them. */
type Given<Args> = Args | ((stage: Stage) => Args | Promise<Args>);

/** A call that succeeds. */
export interface Works<Args> {
  readonly args: Given<Args>;
  /** What the structured output has, and may have more. */
  readonly gives: object;
  /** Sees what is left behind; with expectations of its own. */
  readonly after?: (stage: Stage) => Promise<void>;
}

/** A call that is refused; its arguments may be such as no schema allows. */
export interface Fails<Args> {
  readonly args: Given<Args | Record<string, unknown>>;
  readonly code: ErrorCode;
  /** What the message names. */
  readonly says?: string;
}

/** What every tool has to show, through an MCP client. What follows from its schema is tried besides. */
export interface ToolRow<Args> {
  /** What it is for. */
  readonly happy: Works<Args>;
  /** Where its use ends: nothing there, an empty file, the last page; at least one. */
  readonly edge: Readonly<Record<string, Works<Args> | Fails<Args>>>;
  /** What the schema allows and the workspace does not. */
  readonly bad: Fails<Args>;
  /** More than it takes; or why nothing can be too large for it. */
  readonly tooLarge: Fails<Args> | string;
  /** Arguments of a call that is cancelled while the container stalls; default: the happy one's. */
  readonly cancelled?: Given<Args>;
  /** What it says while no page is open; default: `tab_not_attached`. */
  readonly tabGone?: Works<Args>;
}

/** Operations that are tools; those of REST alone have tests of their own. */
export type ToolName = Exclude<
  OperationName,
  "create_container" | "delete_container" | "list_commands" | "list_containers" | "rename_container"
>;

/** The rows of some operations, each with arguments of its schema's types. */
export type ToolRows<Names extends ToolName> = {
  readonly [Name in Names]: ToolRow<z.input<Registry[Name]["input"]>>;
};
