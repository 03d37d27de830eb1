const MIB = 1_024 * 1_024;

/**
 * Bytes of the files' contents that are kept in all, those of the files as they are now with them. A tab
 * has 2-4 GiB, of which the files themselves may take WORKSPACE_MAX_BYTES.
 */
export const KEPT_MAX_BYTES = 128 * MIB;

/** Checkpoints at most: a day's work, and still a list that is quickly gone through. */
export const CHECKPOINTS_MAX = 500;

/** Files that are read at the same time: more would only queue in the runtime. */
export const READS_MAX = 16;
