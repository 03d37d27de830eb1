import semver from "semver";
import type { Manifest } from "../model/manifest.ts";

interface Rule {
  readonly name: string;
  /** Only requests that this range can meet are changed. */
  readonly range: string | null;
  /** What is asked for instead. */
  readonly value: string | null;
  readonly nested: readonly Rule[];
}

/**
 * The project's `overrides` as they hold at one place of the tree (npm, package.json, "overrides"):
 * rules inside a package's rule hold for everything below that package.
 */
export class OverrideRules {
  static readonly none = new OverrideRules([]);
  readonly #rules: readonly Rule[];

  private constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** @param project whose own dependencies `$name` stands for */
  static of(project: Manifest): OverrideRules {
    const rules = parseRules(project.overrides, project);
    return rules.length === 0 ? OverrideRules.none : new OverrideRules(rules);
  }

  /** What is asked for, once the first rule that fits has had its say. */
  specFor(name: string, raw: string): string {
    return (
      this.#rules.find((rule) => appliesTo(rule, name, raw) && rule.value !== null)?.value ?? raw
    );
  }

  /** The rules below a package that stands here. */
  below(name: string, version: string): OverrideRules {
    const nested = this.#rules
      .filter((rule) => rule.name === name && (rule.range === null || inRange(version, rule.range)))
      .flatMap((rule) => rule.nested);
    return nested.length === 0 ? this : new OverrideRules([...nested, ...this.#rules]);
  }
}

function parseRules(json: unknown, project: Manifest): Rule[] {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return [];
  return Object.entries(json as Record<string, unknown>)
    .filter(([key]) => key !== ".")
    .map(([key, value]) => parseRule(key, value, project));
}

function parseRule(key: string, value: unknown, project: Manifest): Rule {
  const at = key.indexOf("@", 1);
  const own = typeof value === "string" ? value : (value as { "."?: unknown } | null)?.["."];
  return {
    name: at === -1 ? key : key.slice(0, at),
    range: at === -1 ? null : key.slice(at + 1),
    value: typeof own === "string" && own !== "" ? dereference(own, project) : null,
    nested: parseRules(value, project),
  };
}

/** `$name` is the version that the project itself asks for. */
function dereference(value: string, project: Manifest): string {
  if (!value.startsWith("$")) return value;
  const name = value.slice(1);
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = project;
  const all = { ...peerDependencies, ...optionalDependencies, ...devDependencies, ...dependencies };
  return all[name] ?? value;
}

function appliesTo(rule: Rule, name: string, raw: string): boolean {
  if (rule.name !== name) return false;
  if (rule.range === null) return true;
  return semver.validRange(raw) !== null && semver.intersects(rule.range, raw);
}

function inRange(version: string, range: string): boolean {
  return semver.satisfies(version, range, { includePrerelease: true });
}
