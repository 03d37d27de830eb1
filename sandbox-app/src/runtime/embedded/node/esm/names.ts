/** Names that rewritten sources use. They are parameters of the wrapper, so guests cannot replace them. */
export const helper = {
  /** Import object of a request, with its number behind. */
  imports: "__disco_i",
  /** Takes the export getters of a module. */
  link: "__disco_link",
  meta: "__disco_meta",
  import: "__disco_import",
  /** Makes the import function of code that a program made; a global. */
  importFrom: "__disco_import_from",
  /** Prepares what is given to `eval`; a global. */
  evaluated: "__disco_eval",
  /** `AsyncContext.resume` and `capture`. */
  resume: "__disco_r",
  capture: "__disco_c",
  /** The frame that a `try` or `for await` began with. */
  frame: "__disco_f",
  /** Binding of an anonymous default export. */
  defaultExport: "__disco_default",
} as const;

/** Key of the namespace in an import object; no export can be called so without quotes. */
export const NAMESPACE_KEY = "*";
