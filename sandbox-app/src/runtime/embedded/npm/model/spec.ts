import semver from "semver";
import { NpmError } from "./npm-error.ts";

/** What a dependency asks of a registry. */
export type RegistrySpec =
  | { readonly type: "range"; readonly name: string; readonly range: string }
  | { readonly type: "tag"; readonly name: string; readonly tag: string };

/** What a dependency asks for, by the text beside its name in a package.json. */
export type Spec =
  | RegistrySpec
  /** `npm:other@1`: another package under this name. */
  | { readonly type: "alias"; readonly name: string; readonly target: RegistrySpec }
  | { readonly type: "directory"; readonly name: string; readonly path: string }
  /** What a container cannot fetch: git, URLs, local tarballs. */
  | { readonly type: "foreign"; readonly name: string; readonly raw: string };

const DIRECTORY = /^(?:file:|link:|\.{1,2}(?:\/|$)|\/|~\/)/;
const FOREIGN = /^(?:[a-z][a-z0-9+.-]*:|git@)|^[^@/\s]+\/[^@/\s]+$/i;
const NAME = /^(?!node_modules$)(?:@[^@/\s%]+\/)?[^@/\s%._][^@/\s%]*$/;

/**
 * Reads the right-hand side of a dependency (npm, package.json, "dependencies"). Its name becomes a
 * directory of node_modules: a published package must not choose one elsewhere.
 *
 * @throws NpmError EINVALIDPACKAGENAME
 */
export function parseSpec(name: string, raw: string): Spec {
  if (!NAME.test(name)) throw invalidName(name);
  const text = raw.trim();
  if (text.startsWith("npm:")) {
    const [target, range] = splitNameAndRest(text.slice("npm:".length));
    return { type: "alias", name, target: registrySpec(target, range) };
  }
  if (DIRECTORY.test(text)) {
    const path = text.replace(/^(?:file|link):/, "");
    if (/\.(?:tgz|tar|tar\.gz)$/.test(path)) return { type: "foreign", name, raw: text };
    return { type: "directory", name, path: path === "" ? "." : path };
  }
  if (semver.validRange(text, { loose: true }) === null && FOREIGN.test(text)) {
    return { type: "foreign", name, raw: text };
  }
  return registrySpec(name, text);
}

/** An argument of `npm install` and the like: `name`, `name@range`, `./directory`, `user/repo`. */
export interface Argument {
  /** Unknown until a directory's package.json has been read. */
  readonly name: string | null;
  /** Empty when only the name was given. */
  readonly raw: string;
}

/** @throws NpmError EINVALIDPACKAGENAME */
export function parseArgument(argument: string): Argument {
  if (DIRECTORY.test(argument)) {
    return { name: null, raw: argument.startsWith("file:") ? argument : `file:${argument}` };
  }
  const [name, rest] = splitNameAndRest(argument);
  if (!NAME.test(name)) {
    if (FOREIGN.test(argument)) throw foreignError(argument);
    throw invalidName(name);
  }
  return { name, raw: rest };
}

function invalidName(name: string): NpmError {
  return new NpmError("EINVALIDPACKAGENAME", [`Invalid package name "${name.slice(0, 214)}"`]);
}

/** `@scope/name@rest` and `name@rest`. */
function splitNameAndRest(text: string): [string, string] {
  const at = text.indexOf("@", 1);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function registrySpec(name: string, text: string): RegistrySpec {
  const range = semver.validRange(text, { loose: true });
  return range === null
    ? { type: "tag", name, tag: text }
    : { type: "range", name, range: text || "*" };
}

/** Name and range under which the registry knows what is asked for. */
export function registryPart(spec: Spec): RegistrySpec | null {
  switch (spec.type) {
    case "range":
    case "tag":
      return spec;
    case "alias":
      return spec.target;
    case "directory":
    case "foreign":
      return null;
  }
}

export function foreignError(raw: string): NpmError {
  return new NpmError("EUNSUPPORTEDPROTOCOL", [
    `Unsupported source of a package: ${raw}`,
    "A container installs from its registry, and from directories of the workspace.",
    "Clone the repository into the workspace and install it as a directory.",
  ]);
}
