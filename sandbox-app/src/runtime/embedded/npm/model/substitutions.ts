import semver from "semver";

/**
 * Packages that hold native code and have a twin that runs in a tab. The twin is put in their place
 * when files are written; package.json and package-lock.json keep what the project asked for, so that
 * the project stays the same on a machine of its own.
 */
export interface Substitution {
  readonly package: string;
  /** Versions that need it; all, when not said. */
  readonly versions?: string;
  readonly by: string;
  /** A range; `same`: both are published together under one version. */
  readonly at: string;
}

export const substitutions: readonly Substitution[] = [
  { package: "esbuild", by: "esbuild-wasm", at: "same" },
  { package: "rollup", by: "@rollup/wasm-node", at: "same" },
  { package: "lightningcss", by: "lightningcss-wasm", at: "same" },
  // From 7 on the compiler is a native program.
  { package: "typescript", versions: ">=7.0.0-0", by: "typescript", at: "~5.9.0" },
];

/** The twin to install in place of a package, as a name and a range. */
export function substitutionFor(
  name: string,
  version: string,
): { readonly name: string; readonly range: string } | null {
  for (const { package: from, versions = "*", by, at } of substitutions) {
    if (from !== name || !inRange(version, versions)) continue;
    return { name: by, range: at === "same" ? version : at };
  }
  return null;
}

/** Whether an installed package is there in place of the one that its directory is named after. */
export function isStandIn(directory: string, name: string, version: string): boolean {
  return substitutions.some(
    ({ package: from, by, at }) =>
      from === directory && by === name && (at === "same" || inRange(version, at)),
  );
}

function inRange(version: string, range: string): boolean {
  return semver.satisfies(version, range, { includePrerelease: true });
}

/** How packages with a native binding name their parts: one per platform, beside one for WebAssembly. */
const NATIVE_PART = /-linux-x64-gnu$/;
const WASM_PART = "-wasm32-wasi";

/**
 * The WebAssembly part of a package that lists native ones, where it does not list it by itself.
 *
 * @param optional the package's optional dependencies
 */
export function wasmParts(optional: Readonly<Record<string, string>>): Record<string, string> {
  const missing = Object.entries(optional)
    .filter(([name]) => NATIVE_PART.test(name))
    .map(([name, version]): [string, string] => [name.replace(NATIVE_PART, WASM_PART), version])
    .filter(([name]) => !(name in optional));
  return Object.fromEntries(missing);
}

/**
 * Packages that are of use only in versions for which another package exists in the same version: their
 * newest ones can be published before their WebAssembly part is.
 */
export const versionsNeed: Readonly<Record<string, string>> = {
  rolldown: "@rolldown/binding-wasm32-wasi",
};
