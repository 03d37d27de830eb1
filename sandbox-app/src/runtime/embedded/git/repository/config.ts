import type { Disk } from "./disk.ts";
import {
  parseConfig,
  splitKey,
  withVariable,
  withoutSection,
  withoutVariable,
} from "./config-text.ts";

export type ConfigScope = "global" | "local";

interface Setting {
  readonly key: string;
  readonly value: string;
  readonly scope: ConfigScope | "command";
}

/** What is configured: the person's file, the repository's, and `-c` of this command; the last wins. */
export class Config {
  readonly #disk: Disk;
  readonly #paths: Readonly<Record<ConfigScope, string | null>>;
  readonly #said: readonly Setting[];
  #settings: readonly Setting[] | null = null;

  constructor(
    disk: Disk,
    paths: Readonly<Record<ConfigScope, string | null>>,
    said: readonly string[],
  ) {
    this.#disk = disk;
    this.#paths = paths;
    this.#said = said.map((word) => {
      const [, key = "", value = "true"] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
      return { key: splitKey(key).full, value, scope: "command" };
    });
  }

  all(scope?: ConfigScope): readonly Setting[] {
    this.#settings ??= [...this.#read("global"), ...this.#read("local"), ...this.#said];
    return scope === undefined
      ? this.#settings
      : this.#settings.filter((setting) => setting.scope === scope);
  }

  get(key: string, scope?: ConfigScope): string | undefined {
    const { full } = splitKey(key);
    return this.all(scope).findLast((setting) => setting.key === full)?.value;
  }

  getAll(key: string, scope?: ConfigScope): string[] {
    const { full } = splitKey(key);
    return this.all(scope).flatMap(({ key: found, value }) => (found === full ? [value] : []));
  }

  /** Truth as git reads it (git-config(1), "Values"). */
  isOn(key: string, otherwise: boolean): boolean {
    const value = this.get(key)?.toLowerCase();
    if (value === undefined) return otherwise;
    return !["false", "no", "off", "0", ""].includes(value);
  }

  set(key: string, value: string, scope: ConfigScope, add = false): void {
    this.#change(scope, (text) => withVariable(text, key, value, add));
  }

  unset(key: string, scope: ConfigScope): void {
    this.#change(scope, (text) => withoutVariable(text, key));
  }

  removeSection(section: string): void {
    this.#change("local", (text) => withoutSection(text, section));
  }

  /** Names of what stands between `section.` and the variable: remotes, branches. */
  subsections(section: string): string[] {
    const names = this.all().flatMap(({ key }) => {
      const [first, last] = [key.indexOf("."), key.lastIndexOf(".")];
      return key.slice(0, first) === section && last > first ? [key.slice(first + 1, last)] : [];
    });
    return [...new Set(names)];
  }

  #read(scope: ConfigScope): Setting[] {
    const path = this.#paths[scope];
    const text = path === null ? undefined : this.#disk.readText(path);
    return parseConfig(text ?? "").variables.map(({ key, value }) => ({ key, value, scope }));
  }

  #change(scope: ConfigScope, change: (text: string) => string): void {
    const path = this.#paths[scope];
    if (path === null) throw new Error("there is no file for that");
    this.#disk.replace(path, change(this.#disk.readText(path) ?? ""));
    this.#settings = null;
  }
}
