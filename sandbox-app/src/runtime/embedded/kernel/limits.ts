/** Processes at a time. Each is a worker with a heap of its own; a tab has 2-4 GiB for all. */
export const PROCESSES_MAX = 64;

/** Processes with those that have ended and that nobody has waited for: a parent that never does. */
export const PROCESS_RECORDS_MAX = 4_096;

/** Watches of one process: bundlers take one for each directory (fs.inotify.max_user_watches). */
export const WATCHES_MAX = 65_536;

/**
 * Memory of one process, as the browser measures it (`memory-watch.ts`): far below the 3 to 4 GiB at
 * which Chromium ends all workers of a page at once, so that one process does not take the others
 * along.
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

/** The watchdog looks at a quiet process this often: a ping wakes it, and more would drain batteries. */
export const WATCH_INTERVAL_MS = 1_000;

/** It looks this often at one that has just done something, to know how busy it is. */
export const WATCH_ACTIVE_MS = 100;
