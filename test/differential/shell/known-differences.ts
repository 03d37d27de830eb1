/** Snippets whose outcome differs from bash's, with the reason; docs/shell.md says the same. */
export const knownDifferences: Readonly<Record<string, string>> = {
  "agents: jq errors":
    "jq's status for malformed input is 5, as jq 1.7 has it; older ones say 2 or 4",
  "expansion: case change": "the undocumented `${x~}` is a bad substitution; `^` and `,` work",
  "text-tools: awk large integers": "integers are printed in full, as gawk does; mawk rounds them",
};
