import * as z from "zod";

/** Field that may hold anything in a published package: what does not fit is as good as absent. */
function lenient<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}

const someNames = z.record(z.string(), z.string());
const names = someNames.catch({});
const words = z.union([z.array(z.string()), z.string().transform((word) => [word])]).catch([]);
const bundle = z.union([z.array(z.string()), z.boolean()]);

/** The fields of a package.json that npm acts on; the others are left alone (npm, package.json). */
const RawManifest = z.object({
  name: z.string().catch(""),
  version: z.string().catch(""),
  dependencies: names,
  devDependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  peerDependenciesMeta: z
    .record(z.string(), z.object({ optional: lenient(z.boolean()) }))
    .catch({}),
  bundleDependencies: lenient(bundle),
  bundledDependencies: lenient(bundle),
  bin: z.union([z.string(), someNames]).catch({}),
  scripts: names,
  engines: names,
  os: words,
  cpu: words,
  libc: words,
  license: lenient(z.string()),
  funding: lenient(z.json()),
  deprecated: lenient(z.string()),
  hasInstallScript: lenient(z.boolean()),
  workspaces: z
    .union([
      z.array(z.string()),
      z.object({ packages: z.array(z.string()) }).transform(({ packages }) => packages),
    ])
    .catch([]),
  overrides: z.record(z.string(), z.json()).catch({}),
  dist: z
    .object({
      tarball: lenient(z.string()),
      integrity: lenient(z.string()),
      shasum: lenient(z.string()),
    })
    .catch({ tarball: undefined, integrity: undefined, shasum: undefined }),
});

type Names = Readonly<Record<string, string>>;

/** A package as its package.json, or the registry, describes it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  /** Without those that are optional too: the optional ones win. */
  readonly dependencies: Names;
  readonly devDependencies: Names;
  readonly optionalDependencies: Names;
  readonly peerDependencies: Names;
  /** Names of peers that are used when they are there, and not asked for. */
  readonly optionalPeers: ReadonlySet<string>;
  /** Names of dependencies that the tarball brings along. */
  readonly bundled: readonly string[];
  readonly bin: Names;
  readonly scripts: Names;
  readonly engines: Names;
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  readonly libc: readonly string[];
  readonly license: string | undefined;
  readonly funding: z.core.util.JSONType | undefined;
  readonly deprecated: string | undefined;
  readonly hasInstallScript: boolean;
  readonly workspaces: readonly string[];
  readonly overrides: Readonly<Record<string, z.core.util.JSONType>>;
  readonly tarball: string | undefined;
  readonly integrity: string | undefined;
}

/** Scripts that npm runs when a package is installed (npm, scripts, "npm install"). */
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall"];

/** Reads what a registry, a lockfile or a package.json says; unknown and wrong fields are dropped. */
export function parseManifest(json: unknown): Manifest {
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  const { bundleDependencies, bundledDependencies, peerDependenciesMeta, dist, bin, ...raw } =
    RawManifest.parse(isObject ? json : {});
  const optional = raw.optionalDependencies;
  const required = Object.entries(raw.dependencies).filter(([name]) => !(name in optional));
  const meta = Object.entries(peerDependenciesMeta);
  const bundled = bundleDependencies ?? bundledDependencies ?? [];
  return {
    ...raw,
    dependencies: Object.fromEntries(required),
    optionalPeers: new Set(
      meta.filter(([, { optional: is }]) => is === true).map(([name]) => name),
    ),
    bundled: bundledNames(bundled, [...required.map(([name]) => name), ...Object.keys(optional)]),
    bin: binOf(raw.name, bin),
    funding: raw.funding,
    license: raw.license,
    deprecated: raw.deprecated,
    hasInstallScript:
      raw.hasInstallScript ?? INSTALL_SCRIPTS.some((script) => script in raw.scripts),
    tarball: dist.tarball,
    integrity: dist.integrity ?? sha1Integrity(dist.shasum),
  };
}

function bundledNames(
  said: readonly string[] | boolean,
  all: readonly string[],
): readonly string[] {
  if (typeof said === "boolean") return said ? all : [];
  return said;
}

/** One program may be given as a string; it then has the package's name without its scope. */
function binOf(name: string, bin: string | Names): Names {
  const given = typeof bin === "string" ? { [name]: bin } : bin;
  const programs = Object.entries(given).map(([program, file]) => [
    program.split("/").at(-1) ?? program,
    file.replace(/^(?:\.?\/)+/, ""),
  ]);
  return Object.fromEntries(
    programs.filter(([program, file]) => !/^\.{0,2}$/.test(program ?? "") && safe(file)),
  );
}

/** A program must not be a file outside its package. */
function safe(file: string | undefined): boolean {
  return file !== undefined && file !== "" && !file.split("/").includes("..");
}

/** Old packages have a hexadecimal SHA-1 only; this is its form in Subresource Integrity. */
function sha1Integrity(shasum: string | undefined): string | undefined {
  if (shasum === undefined || !/^[0-9a-f]{40}$/.test(shasum)) return undefined;
  const bytes = shasum.match(/../g)?.map((pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  return `sha1-${btoa((bytes ?? []).join(""))}`;
}
