import { DiscoError } from "#protocol/errors.ts";
import { type OperationName, toolOperations } from "#protocol/registry.ts";
import { canonicalName } from "./aliases.ts";

/** Names several tools, which a query that is written by hand would make long. */
export const TOOLS_HEADER = "X-MCP-Tools";

/** Without it nobody could find out whether a tab is there, so every selection has it. */
const ALWAYS: OperationName = "container_status";

/** What `toolsets` may name: the nouns of the tools. */
export const toolsets: readonly string[] = [...new Set(toolOperations.map(({ noun }) => noun))];

/**
 * The tools that a connection wants, by `?toolsets=files,terminal`, by `X-MCP-Tools: read_file`, and
 * `?readonly=1`, which takes all that changes something away.
 *
 * @returns their names, or null when nothing was selected
 * @throws DiscoError `invalid_input`; a typo would otherwise hide tools and say nothing
 */
export function selectedTools(url: URL, headers: Headers): readonly OperationName[] | null {
  const sets = url.searchParams.get("toolsets");
  const names = headers.get(TOOLS_HEADER);
  const readOnly = flagOf(url.searchParams.get("readonly"));
  if (sets === null && names === null && !readOnly) return null;
  const wantedSets = listOf(sets, "toolsets", toolsets);
  const known: readonly string[] = toolOperations.map(({ name }) => name);
  const wanted = listOf(names, TOOLS_HEADER, known, canonicalName);
  const isAny = sets === null && names === null;
  return toolOperations
    .filter(
      ({ name, noun }) => isAny || wantedSets.has(noun) || wanted.has(name) || name === ALWAYS,
    )
    .filter(({ hints }) => hints.readOnly || !readOnly)
    .map(({ name }) => name);
}

function listOf(
  text: string | null,
  argument: string,
  known: readonly string[],
  canonical: (name: string) => string = (name) => name,
): ReadonlySet<string> {
  const parts = (text ?? "").split(",").map((part) => part.trim());
  const wanted = new Set(parts.filter((part) => part !== "").map(canonical));
  for (const one of wanted) {
    if (!known.includes(one)) throw unknown(argument, one, known);
  }
  return wanted;
}

function flagOf(text: string | null): boolean {
  if (text === null || text === "0" || text === "false") return false;
  if (text === "" || text === "1" || text === "true") return true;
  throw unknown("readonly", text, ["1", "0"]);
}

function unknown(argument: string, given: string, known: readonly string[]): DiscoError {
  const wants = `wants ${known.join(", ")}, not ${JSON.stringify(given.slice(0, 100))}`;
  return new DiscoError("invalid_input", `\`${argument}\` ${wants}.`, {
    details: { issues: [{ argument, wants }] },
  });
}
