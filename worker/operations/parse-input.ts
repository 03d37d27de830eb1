import type * as z from "zod";
import { coerceInput } from "#protocol/coerce.ts";
import { DiscoError } from "#protocol/errors.ts";
import type { Operation } from "#protocol/operation.ts";

/** Issues that one answer tells; a caller who gets more wrong does not read them all. */
const ISSUES_MAX = 20;

const strictSchemas = new WeakMap<Operation, z.ZodObject>();

function strictSchema(operation: Operation): z.ZodObject {
  let schema = strictSchemas.get(operation);
  if (schema === undefined) {
    schema = operation.input.strict();
    strictSchemas.set(operation, schema);
  }
  return schema;
}

/**
 * The arguments of a call, with the operation's defaults. Unknown arguments are refused: a typo in
 * an optional one would otherwise change nothing and say nothing.
 *
 * @throws DiscoError `invalid_input`; its message names each argument and what it wants
 */
export function parseInput(operation: Operation, raw: unknown): Record<string, unknown> {
  const result = strictSchema(operation).safeParse(coerceInput(operation.input, raw ?? {}), {
    reportInput: true,
  });
  if (result.success) return result.data;
  const issues = result.error.issues
    .slice(0, ISSUES_MAX)
    .flatMap((issue) => describeIssue(operation, issue));
  const message = `${operation.name}: ${issues.map(({ argument, wants }) => `${argument} ${wants}`).join("; ")}.`;
  throw new DiscoError("invalid_input", message.slice(0, 4_000), { details: { issues } });
}

interface ArgumentIssue extends Record<string, string> {
  argument: string;
  wants: string;
}

function describeIssue(operation: Operation, issue: z.core.$ZodIssue): ArgumentIssue[] {
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(operation.input.shape);
    const takes = known.length === 0 ? "it takes none" : `it takes ${known.join(", ")}`;
    return issue.keys.map((key) => ({
      argument: JSON.stringify(key.slice(0, 100)),
      wants: `is no argument of this operation (${takes})`,
    }));
  }
  if (issue.path.length === 0)
    return [{ argument: "The arguments", wants: "must be a JSON object" }];
  const argument = `\`${issue.path.map(String).join(".").slice(0, 200)}\``;
  const missing = issue.code === "invalid_type" && issue.input === undefined;
  return [{ argument, wants: missing ? `is missing (${expected(issue)})` : wanted(issue) }];
}

function expected(issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_type" ? `wants ${issue.expected}` : "";
}

function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `wants ${issue.expected}, not ${typeName(issue.input)}`;
    case "invalid_value":
      return `wants one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "too_big":
      return `wants at most ${issue.maximum}${unit(issue.origin)}`;
    case "too_small":
      return `wants at least ${issue.minimum}${unit(issue.origin)}`;
    default:
      return issue.message.replace(/^Invalid \w+: /, "");
  }
}

function unit(origin: string): string {
  return origin === "string" ? " characters" : "";
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
