import { FILE_MAX_BYTES, LINE_MAX_CHARS } from "#protocol/limits.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import { FileError, type Files } from "../../runtime/runtime.ts";
import { globMatcher } from "../../search/glob-matcher.ts";
import { type LineMatcher, lineMatcher, PatternError } from "../../search/line-matcher.ts";
import { searchLines } from "../../search/search-lines.ts";
import { walkFiles } from "../../search/walk-files.ts";
import { decodeText } from "../bytes.ts";
import type { TabContext, TabHandlers } from "../context.ts";
import { withFileErrors } from "../file-errors.ts";
import { invalidArgument } from "../invalid-argument.ts";
import { sliceWhole } from "../lines.ts";
import { locateExisting } from "../paths.ts";

export const searchHandlers: Pick<TabHandlers, "search_text"> = {
  search_text: (input, context) => withFileErrors(() => search(input, context)),
};

type Input = OperationInput<"search_text">;
type Output = OperationOutput<"search_text">;

/** Files read at the same time: hides the way to the runtime, and bounds what is in memory. */
const PARALLEL = 16;

async function search(input: Input, { runtime, signal }: TabContext): Promise<Output> {
  const matches = await matcherOf(input);
  const fits = globMatcher(input.glob);
  const { real } = await locateExisting(runtime, input.path);
  const top = await runtime.files.realpath(runtime.root);
  const found = new Findings(input);
  for await (const batch of batches(pathsOf(runtime.files, top, real, signal), fits)) {
    signal.throwIfAborted();
    const texts = await Promise.all(batch.map((path) => textOf(runtime.files, `${top}/${path}`)));
    for (const [index, path] of batch.entries()) {
      const text = texts[index];
      if (text === undefined) continue;
      const shown = input.mode === "content" ? found.room : 0;
      found.add(path, searchLines(text, matches, { shown, context: input.context }));
    }
  }
  return found.output();
}

async function matcherOf(input: Input): Promise<LineMatcher> {
  try {
    return await lineMatcher(input.pattern, {
      regex: input.regex,
      ignoreCase: input.ignore_case,
    });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw invalidArgument("pattern", `is not a regular expression of RE2: ${error.message}`);
  }
}

async function* pathsOf(
  files: Files,
  top: string,
  real: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const start = real.slice(top.length + 1);
  if ((await files.stat(real)).type === "file") yield start;
  else yield* walkFiles(files, top, start, signal);
}

async function* batches(
  paths: AsyncGenerator<string>,
  fits: (path: string) => boolean,
): AsyncGenerator<string[]> {
  let batch: string[] = [];
  for await (const path of paths) {
    if (!fits(path)) continue;
    batch.push(path);
    if (batch.length < PARALLEL) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** @returns undefined for what is no text, is too large, or is gone by now */
async function textOf(files: Files, path: string): Promise<string | undefined> {
  try {
    if ((await files.stat(path)).size > FILE_MAX_BYTES) return undefined;
    return decodeText(await files.read(path));
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** What has been found so far, within the limit. */
class Findings {
  readonly #input: Input;
  readonly #matches: Output["matches"] = [];
  readonly #files: Output["files"] = [];
  #shown = 0;
  #total = 0;
  #totalFiles = 0;
  #searched = 0;

  constructor(input: Input) {
    this.#input = input;
  }

  /** Matching lines that may still be shown. */
  get room(): number {
    return this.#input.limit - this.#shown;
  }

  add(path: string, { count, lines }: ReturnType<typeof searchLines>): void {
    this.#searched += 1;
    if (count === 0) return;
    this.#total += count;
    this.#totalFiles += 1;
    if (this.#input.mode !== "content") {
      if (this.#files.length < this.#input.limit) this.#files.push({ path, count });
      return;
    }
    this.#shown += Math.min(count, this.room);
    for (const { line, text, isMatch } of lines) {
      const cut = text.length > LINE_MAX_CHARS ? `${sliceWhole(text, LINE_MAX_CHARS)}…` : text;
      this.#matches.push({ path, line, text: cut, is_match: isMatch });
    }
  }

  output(): Output {
    const isContent = this.#input.mode === "content";
    return {
      matches: this.#matches,
      files: this.#files,
      total: this.#total,
      total_files: this.#totalFiles,
      searched: this.#searched,
      truncated: isContent ? this.#shown < this.#total : this.#files.length < this.#totalFiles,
    };
  }
}
