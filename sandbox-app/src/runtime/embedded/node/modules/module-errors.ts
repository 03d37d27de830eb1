import { type CodedError, nodeError } from "../builtins/errors/node-error.ts";

/** @param moduleClass frames of its `_load` are left out: the file that asks must be seen */
export function moduleNotFound(
  specifier: string,
  stack: readonly string[],
  moduleClass?: { readonly _load: unknown },
): CodedError {
  const list = stack.length === 0 ? "" : `\nRequire stack:\n- ${stack.join("\n- ")}`;
  const error = new Error(`Cannot find module '${specifier}'${list}`) as CodedError;
  if (moduleClass !== undefined) Error.captureStackTrace?.(error, moduleClass._load as never);
  error.code = "MODULE_NOT_FOUND";
  return Object.assign(error, { requireStack: [...stack] });
}

export function unknownBuiltin(specifier: string): CodedError {
  return nodeError("ERR_UNKNOWN_BUILTIN_MODULE", `No such built-in module: ${specifier}`);
}

export function nativeAddon(path: string): CodedError {
  const error = new Error(
    `${path}: native addons do not run in this container. Install the package's WebAssembly build, ` +
      "or a package in pure JavaScript.",
  ) as CodedError;
  error.code = "ERR_DLOPEN_FAILED";
  return error;
}

export function unknownExtension(extension: string, path: string): CodedError {
  return nodeError(
    "ERR_UNKNOWN_FILE_EXTENSION",
    `Unknown file extension "${extension}" for ${path}`,
    TypeError,
  );
}

export function asyncModule(path: string, parent: string | null): CodedError {
  const from = parent === null ? "" : `\n  From ${parent} `;
  return nodeError(
    "ERR_REQUIRE_ASYNC_MODULE",
    "require() cannot be used on an ESM graph with top-level await. Use import() instead. To see where" +
      ` the top-level await comes from, use --experimental-print-required-tla.${from}\n  Requiring ${path} `,
  );
}

export function requireCycle(path: string): CodedError {
  return nodeError(
    "ERR_REQUIRE_CYCLE_MODULE",
    `Cannot require() ES Module ${path} in a cycle. A cycle involving require(esm) is not allowed to ` +
      "maintain invariants mandated by the ECMAScript specification. Try making at least part of the " +
      "dependency in the graph lazily loaded.",
  );
}
