import path from "node:path";

/** Top of the repository. */
export const top = path.resolve(import.meta.dirname, "../..");
