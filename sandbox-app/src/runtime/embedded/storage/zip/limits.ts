/** Entries of a zip that is imported; a large workspace with its node_modules has some ten thousand. */
export const ZIP_ENTRIES_MAX = 100_000;

/** Bytes of the list at a zip's end: the entries above, with long names. */
export const ZIP_DIRECTORY_MAX_BYTES = 32 * 1024 * 1024;
