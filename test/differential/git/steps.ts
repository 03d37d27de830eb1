import type { GitPair } from "#test/support/git-pair.ts";

/** A command line, or something that is done to the files of both. */
export type Step = string | ((pair: GitPair) => Promise<void>);

export const write =
  (path: string, content: string, mode?: number): Step =>
  (both) =>
    both.write(path, content, mode);
export const remove =
  (path: string): Step =>
  (both) =>
    both.remove(path);
export const link =
  (path: string, target: string): Step =>
  (both) =>
    both.link(path, target);

export const lines = (count: number, change: Record<number, string> = {}): string =>
  Array.from({ length: count }, (_none, at) => `${change[at] ?? `line ${at}`}\n`).join("");

export const first: Step[] = [
  write("a.txt", lines(20)),
  write("src/b.txt", "hello\n"),
  write("run.sh", "#!/bin/sh\n", 0o755),
  link("link", "a.txt"),
  "add .",
  "commit -m First",
];
