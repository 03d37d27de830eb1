import type { NpmContext } from "../cli/context.ts";
import { NpmError } from "../model/npm-error.ts";
import { parseArgument, parseSpec, registryPart } from "../model/spec.ts";

type Fields = Readonly<Record<string, unknown>>;

/** `npm view <package> [field…] [--json]`: what the registry says of a package. */
export async function viewCommand(context: NpmContext): Promise<number> {
  const { output, config, registry, words } = context;
  const [word, ...fields] = words;
  const { name, raw } = parseArgument(word ?? ".");
  const spec = name === null ? null : registryPart(parseSpec(name, raw === "" ? "latest" : raw));
  if (spec === null)
    throw new NpmError("EUSAGE", ["Usage: npm view <package>[@<version>] [field…]"]);
  const packument = await registry.packument(spec.name);
  const { version } = await registry.pick(spec);
  const all: Fields = {
    ...(packument.versions.get(version) as object),
    "dist-tags": packument.tags,
    versions: [...packument.versions.keys()],
  };
  if (fields.length === 0) {
    output.result(config.is("json") ? JSON.stringify(all, null, 2) : describe(all));
    return 0;
  }
  const found = fields
    .map((field): [string, unknown] => [field, valueAt(all, field)])
    .filter(([, value]) => value !== undefined);
  output.result(config.is("json") ? asJson(found) : asText(found));
  return 0;
}

function valueAt(fields: Fields, path: string): unknown {
  let value: unknown = fields;
  for (const key of path.split(".")) {
    value = typeof value === "object" && value !== null ? (value as Fields)[key] : undefined;
  }
  return value;
}

function asJson(found: readonly (readonly [string, unknown])[]): string {
  const [only] = found;
  const value = found.length === 1 && only ? only[1] : Object.fromEntries(found);
  return JSON.stringify(value, null, 2);
}

/** One value stands alone, several with their names. */
function asText(found: readonly (readonly [string, unknown])[]): string {
  const [only] = found;
  if (found.length === 1 && only) return typeof only[1] === "string" ? only[1] : literal(only[1]);
  return found.map(([field, value]) => `${field} = ${literal(value)}`).join("\n");
}

/** As Node's inspect shows plain data. */
function literal(value: unknown): string {
  if (typeof value === "string") return `'${value}'`;
  if (Array.isArray(value)) return `[\n${value.map((item) => `  ${literal(item)}`).join(",\n")}\n]`;
  if (typeof value !== "object" || value === null) return String(value);
  const members = Object.entries(value).map(([key, member]) => {
    return `${/^[\w$]+$/.test(key) ? key : `'${key}'`}: ${literal(member)}`;
  });
  return `{ ${members.join(", ")} }`;
}

function describe(all: Fields): string {
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const dependencies = Object.entries((all["dependencies"] ?? {}) as Record<string, string>);
  const versions = all["versions"] as readonly string[];
  const dist = (all["dist"] ?? {}) as Fields;
  const head = [
    `${text(all["name"])}@${text(all["version"])}`,
    text(all["license"]) || "Proprietary",
    `deps: ${dependencies.length || "none"}`,
    `versions: ${versions.length}`,
  ];
  const tags = Object.entries(all["dist-tags"] as Record<string, string>);
  return [
    "",
    head.join(" | "),
    text(all["description"]),
    text(all["homepage"]),
    "",
    "dist",
    `.tarball: ${text(dist["tarball"])}`,
    `.integrity: ${text(dist["integrity"])}`,
    ...(dependencies.length === 0
      ? []
      : ["", "dependencies:", dependencies.map(([name, range]) => `${name}: ${range}`).join(", ")]),
    "",
    "dist-tags:",
    ...tags.map(([tag, version]) => `${tag}: ${version}`),
  ].join("\n");
}
