import { type DiscoError, describeError } from "#protocol/errors.ts";

/** JSON-RPC 2.0, section 5.1. */
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;

/** An answer to a request that is no proper MCP message, so that no tool result can carry it. */
export function rpcError(
  status: number,
  code: number,
  message: string,
  id: string | number | null = null,
  data?: Record<string, unknown>,
): Response {
  const error = { code, message, ...(data && { data }) };
  return Response.json(
    { jsonrpc: "2.0", id, error },
    { status, headers: { "Cache-Control": "no-store" } },
  );
}

/** An error of the catalogue before a message was understood: no token, no JSON, too large. */
export function rpcErrorOf(error: DiscoError): Response {
  const body = error.toBody();
  const { status, retryable, next } = error.kind;
  const code = error.code === "invalid_json" ? PARSE_ERROR : INVALID_REQUEST;
  return rpcError(status, code, describeError(body), null, { ...body, retryable, next });
}

/** What the answer to this message must name; null for what is no request. */
export function idOf(body: unknown): string | number | null {
  const id = typeof body === "object" && body !== null && "id" in body ? body.id : null;
  return typeof id === "string" || typeof id === "number" ? id : null;
}
