/** Snippets whose outcome differs from bash's, with the reason; docs/shell.md says the same. */
export const knownDifferences: Readonly<Record<string, string>> = {
  "builtins: echo escapes": "just-bash's `od` sets its columns one character wider than GNU's",
  "expansion: case change": "the undocumented `${x~}` is a bad substitution; `^` and `,` work",
  "tools: diff normal format": "just-bash's `diff` prints unified hunks, also without `-u`",
  "tools: expr": "just-bash's `expr` does not know `\\(…\\)` in patterns",
  "tools: od": "just-bash's `od` sets its columns one character wider and has no `-t x1`",
};
