import { createNamespace, type Getter } from "./namespace.ts";

/** Where an export really comes from: equal for two names exactly when they mean the same binding. */
export interface Binding {
  readonly module: ModuleRecord;
  /** Name of the binding in that module; null: its namespace. */
  readonly name: string | null;
  readonly get: Getter;
}

export type Resolution = Binding | "ambiguous" | null;

/** What the resolution of one name has visited, against cycles of re-exports. */
export type ResolveSet = Set<string>;

/** A module as the linker sees it (ECMA-262 16.2.1.5). */
export interface ModuleRecord {
  readonly url: string;
  /** GetExportedNames */
  exportedNames(visited: Set<ModuleRecord>): readonly string[];
  /** ResolveExport */
  resolveExport(name: string, visited: ResolveSet): Resolution;
  readonly namespace: object;
}

/** GetModuleNamespace: every exported name that resolves to one binding. */
export function namespaceOf(module: ModuleRecord): object {
  const getters = new Map<string, Getter>();
  for (const name of module.exportedNames(new Set())) {
    const resolution = module.resolveExport(name, new Set());
    if (resolution !== null && resolution !== "ambiguous") getters.set(name, resolution.get);
  }
  return createNamespace(getters);
}
