/** A bare specifier, taken apart: `@scope/name/sub/path`. */
export interface PackageSpecifier {
  readonly name: string;
  /** `.` or `./sub/path` */
  readonly subpath: string;
}

/** Null when the name cannot be that of a package (PACKAGE_RESOLVE, steps 2-6). */
export function parsePackageSpecifier(specifier: string): PackageSpecifier | null {
  const match = /^(@[^/\\%]+\/[^/\\%]+|[^./@\\%][^/\\%]*)(\/.*)?$/.exec(specifier);
  const name = match?.[1];
  return name === undefined ? null : { name, subpath: `.${match?.[2] ?? ""}` };
}
