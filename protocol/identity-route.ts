import type * as z from "zod";
import type { ErrorCode } from "./error-catalogue.ts";
import type { Scope } from "./operation.ts";

/** A route of the REST face that is no operation: who calls, the sessions of a person's
 * clients, and what GitHub is asked for. */
export interface IdentityRoute<
  Body extends z.ZodObject | null = z.ZodObject | null,
  Output extends z.ZodObject | null = z.ZodObject | null,
  Needs extends Scope | "any" | null = Scope | "any" | null,
> {
  readonly method: "GET" | "POST" | "DELETE";
  /** The whole path; `{session}` is the id of a session. */
  readonly path: `/${string}`;
  readonly title: string;
  /** At most 300 characters. */
  readonly description: string;
  readonly noun: "auth" | "sessions" | "github";
  /** The scope that the bearer token needs; `any`: none but a valid token; null: no token. */
  readonly needs: Needs;
  /** The JSON body; null: none. */
  readonly body: Body;
  /** The JSON answer; null: 204. */
  readonly output: Output;
  readonly errors: readonly ErrorCode[];
}

/** Keeps the types of a definition, so that handlers are checked against them. */
export function defineRoute<
  Body extends z.ZodObject | null,
  Output extends z.ZodObject | null,
  const Needs extends Scope | "any" | null,
>(route: IdentityRoute<Body, Output, Needs>): IdentityRoute<Body, Output, Needs> {
  return route;
}
