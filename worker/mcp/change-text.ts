import type { OperationOutput } from "#protocol/registry.ts";

type Written = OperationOutput<"write_file">;
type Edited = OperationOutput<"edit_file">;
type Patched = OperationOutput<"apply_patch">;
type Diagnostics = Written["diagnostics"];

/** What was written, and the hash that the next write may expect. */
export function writtenText({ path, bytes, created, diff, diagnostics, hash }: Written): string {
  const done = `${created ? "Created" : "Wrote"} ${path}: ${bytes} bytes, sha256 ${hash}.`;
  return joined([done, diff, warnings(diagnostics)]);
}

/** What was replaced; the diff is as a person would read it. */
export function editedText(output: Edited): string {
  const { path, replacements, fit, diff, diagnostics, hash } = output;
  const places = `${replacements} place${replacements === 1 ? "" : "s"}`;
  const overlooked = fit === "exact" ? "" : ` Overlooked: ${fit.replace("_", " ")}.`;
  const done = `${path}: ${places}, sha256 ${hash}.${overlooked}`;
  return joined([done, diff, warnings(diagnostics)]);
}

/** Each file's change, in the patch's order. */
export function patchedText({ files, diagnostics }: Patched): string {
  const parts = files.map(({ path, op, from, diff }) =>
    joined([`${op} ${from === null ? path : `${from} to ${path}`}`, diff]),
  );
  return joined([...parts, warnings(diagnostics)]);
}

function warnings(diagnostics: Diagnostics): string {
  if (diagnostics.length === 0) return "";
  const lines = diagnostics.map((one) => `${one.path}:${one.line}:${one.column} ${one.message}`);
  return ["The change is made, but:", ...lines].join("\n");
}

function joined(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== "")
    .map((part) => part.replace(/\n$/, ""))
    .join("\n");
}
