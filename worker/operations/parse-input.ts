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
  // The last problem of an argument is told: a number beyond every integer is beyond its own bound too.
  const byPath = new Map(result.error.issues.map((issue) => [issue.path.join("\0"), issue]));
  const issues = [...byPath.values()]
    .flatMap((issue) => describeIssue(operation, issue))
    .slice(0, ISSUES_MAX);
  const message = `${operation.name}: ${issues.map(sentenceOf).join("; ")}.`;
  throw new DiscoError("invalid_input", message.slice(0, 4_000), { details: { issues } });
}

/** One argument that is wrong; an empty name stands for the arguments as a whole. */
interface ArgumentIssue extends Record<string, string> {
  argument: string;
  wants: string;
}

function sentenceOf({ argument, wants }: ArgumentIssue): string {
  return argument === "" ? `The arguments ${wants}` : `\`${argument}\` ${wants}`;
}

function describeIssue(operation: Operation, issue: z.core.$ZodIssue): ArgumentIssue[] {
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(operation.input.shape);
    const takes = known.length === 0 ? "it takes none" : `it takes ${known.join(", ")}`;
    return issue.keys.map((key) => ({
      argument: key.slice(0, 100),
      wants: `is no argument of this operation (${takes})`,
    }));
  }
  const argument = issue.path.map(String).join(".").slice(0, 200);
  return [{ argument, wants: argument === "" ? "must be a JSON object" : wanted(issue) }];
}

function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type": {
      if (issue.input === undefined) return `is missing (wants ${issue.expected})`;
      if (issue.expected === "int")
        return `wants a whole number, not ${JSON.stringify(issue.input)}`;
      return `wants ${issue.expected}, not ${typeName(issue.input)}`;
    }
    case "invalid_value":
      return `wants one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_key":
      return issue.issues[0]?.message ?? "has a name that is not allowed";
    case "too_big":
      return `wants at most ${amount(issue.maximum, issue.origin)}`;
    case "too_small":
      return `wants at least ${amount(issue.minimum, issue.origin)}`;
    default:
      return issue.message.replace(/^Invalid \w+: /, "");
  }
}

function amount(count: number | bigint, origin: string): string {
  if (origin !== "string") return String(count);
  return `${count} character${Number(count) === 1 ? "" : "s"}`;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
