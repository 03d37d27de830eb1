import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
} from "@modelcontextprotocol/server";
import { DiscoError, describeError } from "#protocol/errors.ts";
import type { FilePart } from "#protocol/operations/files.ts";
import type { CallContext } from "../operations/context.ts";
import { execute } from "../operations/execute.ts";
import { readLogResource } from "./log-resource.ts";
import { type NamedResource, parseResourceUri, resourceTemplates } from "./resource-uri.ts";

/**
 * Reads a resource by the operation that reads the same as a tool.
 *
 * @param call who reads; the container comes from the URI
 * @throws ProtocolError
 */
export async function readResource(
  uri: string,
  call: Omit<CallContext, "container">,
): Promise<ReadResourceResult> {
  const named = parseResourceUri(uri);
  if (named === undefined) {
    const known = resourceTemplates.map(({ uriTemplate }) => uriTemplate).join(" or ");
    throw new ResourceNotFoundError(uri, `No resource has this URI. Next: use ${known}.`);
  }
  try {
    return named.type === "file"
      ? await readFileResource(uri, named, call)
      : await readLogResource(uri, named, call);
  } catch (error) {
    throw protocolError(uri, DiscoError.from(error));
  }
}

async function readFileResource(
  uri: string,
  { container, path }: Extract<NamedResource, { type: "file" }>,
  call: Omit<CallContext, "container">,
): Promise<ReadResourceResult> {
  const input = { path, encoding: "base64" };
  const file = (await execute("read_file", input, { ...call, container })) as FilePart;
  return { contents: [{ uri, mimeType: file.media_type, ...contentOf(file) }] };
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
