/** Every revision of MCP that is served, the latest first. */
export const mcpRevisions = [
  "2026-07-28",
  "2025-11-25",
  "2025-06-18",
  "2025-03-26",
  "2024-11-05",
] as const;
