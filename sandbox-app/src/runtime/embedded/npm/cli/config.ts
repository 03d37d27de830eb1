import type { Disk } from "../install/disk.ts";
import type { CommandLine } from "./options.ts";

/** What npm does unless it is told otherwise (npm, config). */
const DEFAULTS: Readonly<Record<string, string>> = {
  save: "true",
  "package-lock": "true",
  "save-prefix": "^",
  "ignore-scripts": "true",
  loglevel: "notice",
  tag: "latest",
  "init-version": "1.0.0",
  "init-license": "ISC",
};

/** Flags first, then the environment, the project's `.npmrc`, the user's, and the defaults. */
export class Config {
  readonly #layers: readonly ReadonlyMap<string, readonly string[]>[];

  constructor(layers: readonly ReadonlyMap<string, readonly string[]>[]) {
    this.#layers = layers;
  }

  static async read(
    disk: Disk,
    line: CommandLine,
    places: {
      readonly env: Readonly<Record<string, string>>;
      readonly project: string;
      /** Said when nothing else is. */
      readonly registry: string;
    },
  ): Promise<Config> {
    const { env, project, registry } = places;
    const user = line.flags.get("userconfig")?.at(-1) ?? `${env["HOME"] ?? ""}/.npmrc`;
    const files = [`${project}/.npmrc`, user];
    const texts = await Promise.all(files.map((path) => disk.readText(path)));
    const defaults = Object.entries({ ...DEFAULTS, registry });
    return new Config([
      line.flags,
      fromEnvironment(env),
      ...texts.map((text) => parseNpmrc(text ?? "", env)),
      new Map(defaults.map(([name, value]) => [name, [value]])),
    ]);
  }

  get(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  all(name: string): readonly string[] {
    return this.#layers.map((layer) => layer.get(name)).find((found) => found !== undefined) ?? [];
  }

  is(name: string): boolean {
    const value = this.get(name);
    return value !== undefined && value !== "false" && value !== "null" && value !== "";
  }

  /** Everything that is set, for `npm config ls`. Keys and passwords are left out. */
  entries(): [string, string][] {
    const all = new Map<string, string>();
    for (const layer of this.#layers.toReversed()) {
      for (const [name, values] of layer) all.set(name, values.at(-1) ?? "");
    }
    return [...all].filter(([name]) => !isSecret(name)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** Names that npm itself protects: credentials of a registry. */
export function isSecret(name: string): boolean {
  return name.startsWith("//") || name.startsWith("_");
}

function fromEnvironment(env: Readonly<Record<string, string>>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, value] of Object.entries(env)) {
    const match = /^npm_config_(.+)$/i.exec(name);
    if (match?.[1] !== undefined && value !== "") {
      found.set(match[1].toLowerCase().replaceAll("_", "-"), [value]);
    }
  }
  return found;
}

/** `name = value`, `name[] = value`, `${VARIABLE}`; `;` and `#` begin a comment (npm, npmrc). */
export function parseNpmrc(
  text: string,
  env: Readonly<Record<string, string>>,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[;#[]|$)/.test(line)) continue;
    const [key = "", ...rest] = line.split("=");
    const isList = key.trim().endsWith("[]");
    const name = key.trim().replace(/\[\]$/, "");
    const raw = rest.length === 0 ? "true" : rest.join("=").trim();
    const value = raw
      .replace(/^(["'])(.*)\1$/, "$2")
      .replaceAll(/\$\{([^}?]+)\??\}/g, (whole, variable: string) => env[variable] ?? whole);
    found.set(name, isList ? [...(found.get(name) ?? []), value] : [value]);
  }
  return found;
}
