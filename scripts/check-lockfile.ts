// Names optional packages that package.json files ask for and package-lock.json does not hold. npm
// writes such a lock file when the registry lacks a package of another platform, and `npm ci` then
// fails there.
import { readFileSync } from "node:fs";
import path from "node:path";
import { findMissingOptionals, parseLockfile } from "./check/lockfile.ts";

const file = path.resolve(import.meta.dirname, "../package-lock.json");
const missing = findMissingOptionals(parseLockfile(readFileSync(file, "utf8")));
for (const { wantedBy, name, range } of missing) {
  process.stderr.write(`${wantedBy} wants ${name}@${range}, which package-lock.json lacks\n`);
}
process.exitCode = missing.length === 0 ? 0 : 1;
