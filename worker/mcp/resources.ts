import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  type ResourceTemplateType,
} from "@modelcontextprotocol/server";
import { DiscoError, describeError } from "#protocol/errors.ts";
import type { FilePart } from "#protocol/operations/files.ts";
import type { CallContext } from "../operations/context.ts";
import { execute } from "../operations/execute.ts";

/**
 * Files as resources (MCP 2025-11-25, server/resources). There is no list of them: a workspace has
 * thousands, and list_files and search_text find the one that is wanted.
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
];

/** `?` and `#` may be part of a path, because `{+path}` leaves them as they are (RFC 6570, 3.2.3). */
const FILE_URI = /^disco:\/\/container\/([^/]+)\/file\/(.+)$/s;

/**
 * What a URI names. Nothing of the path is resolved here: it passes the same rules as an argument.
 *
 * @returns undefined for what is no URI of a file
 */
export function parseFileUri(uri: string): { container: string; path: string } | undefined {
  const [, container, path] = FILE_URI.exec(uri) ?? [];
  if (container === undefined || path === undefined) return undefined;
  try {
    return { container: decodeURIComponent(container), path: decodeURIComponent(path) };
  } catch {
    return undefined;
  }
}

/**
 * Reads a file as `read_file` does, by the one pipeline.
 *
 * @param call who reads; the container comes from the URI
 * @throws ProtocolError
 */
export async function readResource(
  uri: string,
  call: Omit<CallContext, "container">,
): Promise<ReadResourceResult> {
  const named = parseFileUri(uri);
  if (named === undefined) {
    const template = resourceTemplates[0]?.uriTemplate;
    throw new ResourceNotFoundError(uri, `No resource has this URI. Next: use ${template}.`);
  }
  const { container, path } = named;
  try {
    const input = { path, encoding: "base64" };
    const file = (await execute("read_file", input, { ...call, container })) as FilePart;
    return { contents: [{ uri, mimeType: file.media_type, ...contentOf(file) }] };
  } catch (error) {
    throw protocolError(uri, DiscoError.from(error));
  }
}

function contentOf({
  text: base64,
  media_type: type,
}: FilePart): { text: string } | { blob: string } {
  if (type !== "text/plain" && type !== "image/svg+xml") return { blob: base64 };
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
}

/** A result of resources/read has no place for an error, so it becomes one of JSON-RPC. */
function protocolError(uri: string, error: DiscoError): ProtocolError {
  const body = error.toBody();
  const { status, retryable, next } = error.kind;
  if (status === 404) return new ResourceNotFoundError(uri, describeError(body));
  const code = status < 500 ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
  return new ProtocolError(code, describeError(body), { ...body, retryable, next });
}
