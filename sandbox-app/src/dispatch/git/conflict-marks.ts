import { decodeText } from "../bytes.ts";
import { FileError, type Files } from "../../runtime/runtime.ts";

/** What git puts around the two sides of a conflict (git-merge(1), "How conflicts are presented"). */
const MARK = /^(?:<{7}|>{7})(?: |\r?$)/m;

/** Those of the files that still hold marks of a conflict. */
export async function withConflictMarks(
  files: Files,
  top: string,
  paths: readonly string[],
): Promise<string[]> {
  const marked: string[] = [];
  for (const path of paths) {
    const text = await textOf(files, `${top}/${path}`);
    if (text !== undefined && MARK.test(text)) marked.push(path);
  }
  return marked;
}

async function textOf(files: Files, path: string): Promise<string | undefined> {
  try {
    return decodeText(await files.read(path));
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
