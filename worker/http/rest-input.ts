import { DiscoError } from "#protocol/errors.ts";
import type { Route } from "#protocol/routes.ts";
import { readBodyText, readJson } from "./body.ts";

/** One strong entity tag (RFC 9110, section 8.8.3). */
const ENTITY_TAG = /^"([^"]*)"$/;

/**
 * The arguments of a call by REST, for the operation to parse: what the caller gave, and what the
 * route says itself.
 *
 * @throws DiscoError `invalid_input`, and what reading a body throws
 */
export async function readInput(route: Route, request: Request): Promise<unknown> {
  const given = withIfMatch(route, request.headers, await givenArguments(route, request));
  if (!isObject(given)) return given;
  const refused = Object.keys(given).filter((name) => isSaidByRoute(route, name));
  if (refused.length > 0) throw noArguments(route, refused);
  return { ...given, ...route.fixed };
}

async function givenArguments(route: Route, request: Request): Promise<unknown> {
  const query = new URL(request.url).searchParams;
  if (route.argumentsIn === "query") return queryInput(query);
  if (query.size > 0) {
    const message = `${route.method} takes its arguments in the JSON body, not in the query.`;
    throw new DiscoError("invalid_input", message);
  }
  const isUntyped = !request.headers.has("Content-Type");
  // Nothing was sent: what is missing, the operation says.
  if (isUntyped && (await readBodyText(request)) === "") return {};
  return readJson(request);
}

/** A parameter given twice is a list; where no list is wanted, the parser names it. */
function queryInput(query: URLSearchParams): Record<string, string | string[]> {
  const entries = [...new Set(query.keys())].map((key) => {
    const values = query.getAll(key);
    return [key, values.length > 1 ? values : (values[0] ?? "")] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * `If-Match` says what an argument says too (RFC 9110, section 13.1.1). Weak tags never match, and
 * `*` would promise less than its caller wants, so both are refused.
 */
function withIfMatch(route: Route, headers: Headers, given: unknown): unknown {
  const header = headers.get("If-Match");
  const { ifMatch: argument } = route;
  if (header === null || !isObject(given)) return given;
  if (argument === undefined) {
    throw new DiscoError("invalid_input", `${route.id} takes no If-Match.`);
  }
  const tag = ENTITY_TAG.exec(header.trim())?.[1];
  if (tag === undefined) {
    const wants = "wants one hash in double quotes, as read_file returns it";
    const details = { issues: [{ argument: "If-Match", wants }] };
    throw new DiscoError("invalid_input", `If-Match ${wants}.`, { details });
  }
  const other = given[argument];
  if (other !== undefined && other !== tag) {
    throw new DiscoError("invalid_input", `If-Match and \`${argument}\` name different hashes.`);
  }
  return { ...given, [argument]: tag };
}

/** Arguments of the operation that this route does not take. */
function isSaidByRoute({ operation, takes }: Route, name: string): boolean {
  return Object.hasOwn(operation.input.shape, name) && !takes.includes(name);
}

function noArguments({ id, takes }: Route, refused: readonly string[]): DiscoError {
  const wants = `is no argument of this route (it takes ${takes.join(", ")})`;
  const issues = refused.map((argument) => ({ argument, wants }));
  const message = `${id}: ${refused.map((name) => `\`${name}\` ${wants}`).join("; ")}.`;
  return new DiscoError("invalid_input", message, { details: { issues } });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
