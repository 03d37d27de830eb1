import type * as z from "zod";
import type { ErrorCode } from "./error-catalogue.ts";

/** What a token may allow, one noun and one verb each. */
export const scopes = [
  "containers:read",
  "files:read",
  "files:write",
  "terminal:run",
  "sessions:read",
  "sessions:write",
] as const;
export type Scope = (typeof scopes)[number];

/** The hints of an MCP tool (spec 2025-11-25, server/tools, ToolAnnotations); all four are told. */
export interface OperationHints {
  readonly readOnly: boolean;
  readonly destructive: boolean;
  readonly idempotent: boolean;
  readonly openWorld: boolean;
}

/**
 * A function of a parsed input. As a method its parameter is compared both ways, so that every
 * operation is an `Operation`: whoever calls it has parsed the input with the operation's schema.
 */
type OfInput<Input extends z.ZodObject, Result> = {
  call(input: z.output<Input>): Result;
}["call"];

/** The REST form: `{container}` in the path names the container; the rest is query or JSON body. */
export interface HttpShape {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: `/${string}`;
}

/**
 * One thing a caller may ask for, as data. The REST route, the OpenAPI operation, the MCP tool, the
 * capability entry and the README row are projections of it.
 */
export interface Operation<
  Name extends string = string,
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
  Runs extends "edge" | "tab" = "edge" | "tab",
> {
  /** `verb_noun`, at most 20 characters; the same in every face, frame and log. */
  readonly name: Name;
  readonly title: string;
  /** At most 400 characters; read by models, so it says when to use it and what comes back. */
  readonly description: string;
  readonly noun: string;
  readonly input: Input;
  readonly output: Output;
  /**
   * Arguments that work on a fresh workspace, and do no harm on any other; the id of a process, of
   * which a fresh one has none, is only of the right form.
   */
  readonly example: z.input<Input>;
  readonly scope: Scope;
  readonly hints: OperationHints;
  /** Whether the person must say yes: never, when the policy says so, or each time. */
  readonly approval: "never" | "policy" | "always";
  /** `edge` operations are answered by the worker alone, `tab` operations by the container. */
  readonly runs: Runs;
  readonly http: HttpShape;
  /** Errors a caller should expect, beside those that every operation can have. */
  readonly errors: readonly ErrorCode[];
  /** Milliseconds from acceptance to outcome; a function where the input decides. */
  readonly timeoutMs: number | OfInput<Input, number>;
  /** The one sentence that tells a person what this call does: "Wrote src/app.ts". */
  readonly summarize: OfInput<Input, string>;
}

/** Keeps the literal types of a definition, so that handlers are checked against them. */
export function defineOperation<
  const Name extends string,
  Input extends z.ZodObject,
  Output extends z.ZodObject,
  const Runs extends "edge" | "tab",
>(operation: Operation<Name, Input, Output, Runs>): Operation<Name, Input, Output, Runs> {
  return operation;
}

/** Milliseconds that this call gets. */
export function timeoutOf(operation: Operation, input: unknown): number {
  const { timeoutMs } = operation;
  return typeof timeoutMs === "number" ? timeoutMs : timeoutMs(input as Record<string, unknown>);
}
