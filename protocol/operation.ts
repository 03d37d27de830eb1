import type * as z from "zod";
import type { ErrorCode } from "./error-catalogue.ts";

/** What a token may allow, one noun and one verb each. */
export const scopes = [
  "containers:read",
  "containers:write",
  "files:read",
  "files:write",
  "git:read",
  "git:write",
  "git:push",
  "terminal:run",
  "sessions:read",
  "sessions:write",
] as const;
export type Scope = (typeof scopes)[number];

/** A way in. */
export const faces = ["rest", "mcp"] as const;
export type Face = (typeof faces)[number];

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

/**
 * The REST form: `{container}` in the path names the container; the rest is the query of GET and
 * DELETE, the JSON body of POST and PUT.
 */
export interface HttpShape {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: `/${string}`;
  /** Status of a success (RFC 9110, section 15.3); default: 200. */
  readonly success?: 200 | 201;
  /** The argument that `If-Match` may give instead (RFC 9110, section 13.1.1): a content's hash. */
  readonly ifMatch?: string;
  /**
   * The answer is a stream of server-sent events (HTML standard, section 9.2): always, or when `Accept`
   * asks for it.
   */
  readonly events?: "always" | "accepted";
}

/**
 * One more REST form of an operation, for callers who know the usual ones. It is no operation of its
 * own: it says some of the arguments itself, and what runs is logged and shown under the one name.
 */
export interface FurtherRoute<Input> extends HttpShape {
  /** Its operationId in OpenAPI: no operation's name, and no other route's. */
  readonly id: string;
  readonly title: string;
  /** As of an operation, but within 300 characters. */
  readonly description: string;
  /** Arguments that the route says; nobody can give them. */
  readonly fixed?: Partial<Input>;
  /** Arguments that mean nothing with the fixed ones; nobody can give them either. */
  readonly omits?: readonly string[];
  /** As of an operation, without the fixed ones. */
  readonly example: Partial<Input>;
}

/** Who answers: the worker alone, about one container or about the user's containers, or the tab. */
export type Place = "edge" | "directory" | "tab";

/**
 * One thing a caller may ask for, as data. The REST route, the OpenAPI operation, the MCP tool, the
 * capability entry and the README row are projections of it.
 */
export interface Operation<
  Name extends string = string,
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
  Runs extends Place = Place,
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
  /**
   * `tab` operations are answered by the container; the worker answers `edge` operations alone, about
   * one container, and `directory` operations from its records of the user's containers.
   */
  readonly runs: Runs;
  /** Where it is offered; default: in every face. */
  readonly faces?: readonly Face[];
  readonly http: HttpShape;
  /** REST forms beside `http`. */
  readonly furtherRoutes?: readonly FurtherRoute<z.input<Input>>[];
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
  const Runs extends Place,
>(operation: Operation<Name, Input, Output, Runs>): Operation<Name, Input, Output, Runs> {
  return operation;
}

/** Whether a face offers the operation. */
export function isIn(operation: Operation, face: Face): boolean {
  return operation.faces?.includes(face) ?? true;
}

/** Milliseconds that this call gets. */
export function timeoutOf(operation: Operation, input: unknown): number {
  const { timeoutMs } = operation;
  return typeof timeoutMs === "number" ? timeoutMs : timeoutMs(input as Record<string, unknown>);
}
