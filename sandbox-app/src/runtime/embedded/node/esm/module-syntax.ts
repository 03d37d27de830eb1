/** One module that a source asks for, by specifier and attributes (ECMA-262 16.2.1.6, ModuleRequest). */
export interface ModuleRequest {
  readonly specifier: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** `imported` null: the whole namespace. */
export interface ImportEntry {
  readonly request: number;
  readonly imported: string | null;
}

export interface IndirectExport extends ImportEntry {
  readonly exported: string;
}

/** What the linker needs to know of a source, beside its code. */
export interface ModuleSyntax {
  readonly requests: readonly ModuleRequest[];
  readonly imports: readonly ImportEntry[];
  /** Names that the source's own bindings are exported as. */
  readonly localExports: readonly string[];
  readonly indirectExports: readonly IndirectExport[];
  readonly starExports: readonly number[];
  readonly hasTopLevelAwait: boolean;
  /** A generator function expression; see `module-code.ts`. */
  readonly code: string;
}
