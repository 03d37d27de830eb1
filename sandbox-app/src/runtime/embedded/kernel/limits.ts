/** Processes at a time. Each is a worker with a heap of its own; a tab has 2-4 GiB for all. */
export const PROCESSES_MAX = 64;
