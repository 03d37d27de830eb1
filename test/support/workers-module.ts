/** Stands for `cloudflare:workers` in plain Node, where its classes are named and never used. */
export const WorkerEntrypoint = Object;
