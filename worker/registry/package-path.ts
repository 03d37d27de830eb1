/** What of a registry may be asked for: the metadata of a package, or one of its tarballs. */
export type PackagePath =
  | { readonly kind: "metadata"; readonly name: string }
  | { readonly kind: "tarball"; readonly name: string; readonly file: string };

/** Longest name that a registry takes (npm, package.json, "name"). */
const NAME_MAX_CHARS = 214;
/** A name, a dash, a version of at most 256 characters (node-semver's MAX_LENGTH) and `.tgz`. */
const FILE_MAX_CHARS = NAME_MAX_CHARS + 256 + 5;

/*
 * Names hold what a URL needs no escape for. They start with a letter or digit, so that no path of
 * the registry's own API (`/-/…`) and no dot segment can be a name. Old packages have capitals.
 */
const WORD = "[A-Za-z0-9][A-Za-z0-9._~-]*";
const SCOPE = `@${WORD}`;
const SCOPED_WORD = "[A-Za-z0-9_-][A-Za-z0-9._~-]*";

/** The slash of a scope comes escaped or plain: npm's client sends `%2f`. */
const metadata = new RegExp(`^(?:(${SCOPE})(?:/|%2[fF]))?(${SCOPED_WORD})$`);
const tarball = new RegExp(
  `^((?:${SCOPE}/${SCOPED_WORD})|(?:${WORD}))/-/([A-Za-z0-9_][A-Za-z0-9._~+-]*\\.tgz)$`,
);
const plainName = new RegExp(`^${WORD}$`);

/**
 * Reads a path below `/registry/`, as it stands in the URL. Whatever is not the plain form of one of
 * the two is refused rather than cleaned.
 *
 * @returns null when it is neither
 */
export function parsePackagePath(path: string): PackagePath | null {
  const [, scope, word] = metadata.exec(path) ?? [];
  if (word !== undefined) {
    if (scope === undefined && !plainName.test(word)) return null;
    const name = scope === undefined ? word : `${scope}/${word}`;
    return name.length <= NAME_MAX_CHARS ? { kind: "metadata", name } : null;
  }
  const [, name, file] = tarball.exec(path) ?? [];
  if (name === undefined || file === undefined) return null;
  const fits = name.length <= NAME_MAX_CHARS && file.length <= FILE_MAX_CHARS;
  return fits ? { kind: "tarball", name, file } : null;
}

/** Where the registry keeps it. */
export function upstreamUrl(registry: string, path: PackagePath): string {
  switch (path.kind) {
    case "metadata":
      return registry + path.name.replace("/", "%2f");
    case "tarball":
      return `${registry}${path.name}/-/${path.file}`;
  }
}
