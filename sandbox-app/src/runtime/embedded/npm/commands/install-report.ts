import type { Output } from "../cli/output.ts";
import type { Installed } from "../install/install.ts";

/** Tells what an install did, as npm does, and what is different here. */
export function reportInstall(output: Output, installed: Installed, ms: number): void {
  for (const line of installed.warnings) output.warn(line);
  for (const { name, version, by } of installed.substituted) {
    const label = `${name}@${version}`;
    output.notice(
      `${by.name}@${by.version} stands in for ${label}, whose native code runs in no tab`,
    );
  }
  output.say(`\n${summary(installed)} in ${duration(ms)}`);
}

function summary({ added, removed, changed }: Installed): string {
  const counts: [string, number][] = [
    ["added", added],
    ["removed", removed],
    ["changed", changed],
  ];
  const parts = counts
    .filter(([, count]) => count > 0)
    .map(([verb, count]) => `${verb} ${count} ${count === 1 ? "package" : "packages"}`);
  if (parts.length === 0) return "up to date";
  const last = parts.pop() ?? "";
  if (parts.length === 0) return last;
  return parts.length === 1 ? `${parts[0]}, and ${last}` : `${parts.join(", ")}, and ${last}`;
}

function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)}ms` : `${Math.round(ms / 1_000)}s`;
}
