import type { ResourceTemplateType } from "@modelcontextprotocol/server";

/**
 * What can be read as a resource (MCP 2025-11-25, server/resources). There is no list of them: a
 * workspace has thousands of files, which list_files and search_text find, and list_processes and the
 * results of commands name the logs.
 */
export const resourceTemplates: readonly ResourceTemplateType[] = [
  {
    name: "file",
    title: "File of the workspace",
    uriTemplate: "disco://container/{id}/file/{+path}",
    description:
      "A whole file, text as text and other bytes as a blob. `id`: the container's, or current; `path`: " +
      "relative to the root of the workspace.",
  },
  {
    name: "log",
    title: "Log of a command",
    uriTemplate: "disco://container/{id}/log/{process}{?cursor}",
    mimeType: "text/plain",
    description:
      "What a command of run_command wrote, stdout and stderr in the order in which they came; while it " +
      "runs, so far. `process`: its process_id; `cursor`: where a long log goes on.",
  },
];

/** What a URI names. */
export type NamedResource =
  | { readonly type: "file"; readonly container: string; readonly path: string }
  | {
      readonly type: "log";
      readonly container: string;
      readonly process: string;
      /** Number of the first character that is wanted. */
      readonly cursor: number;
    };

/** `?` and `#` may be part of a path, because `{+path}` leaves them as they are (RFC 6570, 3.2.3). */
const FILE_URI = /^disco:\/\/container\/([^/]+)\/file\/(.+)$/s;

/** `{?cursor}` is a query of one, or nothing (RFC 6570, 3.2.8). */
const LOG_URI = /^disco:\/\/container\/([^/]+)\/log\/([^/?#]+)(?:\?cursor=(\d{1,15}))?$/;

/**
 * Nothing of a path is resolved here: it passes the same rules as an argument.
 *
 * @returns undefined for what is no URI of a resource
 */
export function parseResourceUri(uri: string): NamedResource | undefined {
  try {
    const [, ofFile, path] = FILE_URI.exec(uri) ?? [];
    if (ofFile !== undefined && path !== undefined) {
      const container = decodeURIComponent(ofFile);
      return { type: "file", container, path: decodeURIComponent(path) };
    }
    const [, ofLog, process, cursor = "0"] = LOG_URI.exec(uri) ?? [];
    if (ofLog === undefined || process === undefined) return undefined;
    const named = { container: decodeURIComponent(ofLog), process: decodeURIComponent(process) };
    return { type: "log", ...named, cursor: Number(cursor) };
  } catch {
    return undefined;
  }
}

/** @param cursor where to go on; without one, the whole log */
export function logUri(container: string, process: string, cursor?: number): string {
  const query = cursor === undefined ? "" : `?cursor=${cursor}`;
  return `disco://container/${encodeURIComponent(container)}/log/${encodeURIComponent(process)}${query}`;
}
