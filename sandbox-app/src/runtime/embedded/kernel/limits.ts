/** Processes at a time. Each is a worker with a heap of its own; a tab has 2-4 GiB for all. */
export const PROCESSES_MAX = 64;

/** Processes with those that have ended and that nobody has waited for: a parent that never does. */
export const PROCESS_RECORDS_MAX = 4_096;

/** Watches of one process: bundlers take one for each directory (fs.inotify.max_user_watches). */
export const WATCHES_MAX = 65_536;

/**
 * Heap of one process, as it reports it: a quarter of what the browser gives a tab, so that one
 * process cannot take the others along. A process that does not report is not held to it.
 */
export const PROCESS_MEMORY_MAX_BYTES = 536_870_912;

/**
 * A process that neither turns its event loop nor makes a system call for so long is taken for a
 * runaway: the longest build that was seen makes calls all the time, and a spinning worker keeps a
 * core of the user's machine busy for as long as the tab is open.
 */
export const BUSY_MAX_MS = 600_000;

/** Output of a program that the page or a call started: more is a runaway, nobody reads it. */
export const OUTPUT_MAX_BYTES = 1_073_741_824;

/** The watchdog looks this often. A ping wakes each process: more often would drain batteries. */
export const WATCH_INTERVAL_MS = 1_000;
