import { errorCatalogue, type ErrorCode } from "#protocol/error-catalogue.ts";
import type { EdgeRig } from "./edge-rig.ts";

type Answer = Awaited<ReturnType<EdgeRig["api"]>>;

/** What REST answered, with what HTTP says about it. */
export interface SeenProblem {
  httpStatus: number;
  contentType: string | null;
  code: string;
  detail: string;
  details?: Record<string, unknown>;
}

export async function problemOf(answer: Answer): Promise<SeenProblem> {
  const document = (await answer.json()) as Omit<SeenProblem, "httpStatus" | "contentType">;
  const contentType = answer.headers.get("Content-Type");
  return { ...document, httpStatus: answer.status, contentType };
}

/** What every problem document with this code must say. */
export function problem(code: ErrorCode, more: Record<string, unknown> = {}) {
  const { status, next, title } = errorCatalogue[code];
  const contentType = "application/problem+json";
  return { httpStatus: status, contentType, code, status, title, next, ...more };
}

export interface ToolResult {
  isError?: boolean;
  content: { type: string; text: string }[];
  _meta?: Record<string, { code: string; next: string; details?: Record<string, unknown> }>;
}

/** What a model reads (head, text, next step) and a program finds (code, details). */
export function failureOf(result: ToolResult) {
  const { _meta: meta, isError = false, content } = result;
  const text = content[0]?.text ?? "";
  const [, head, next] = /^(\w+): .* Next: (.*)$/s.exec(text) ?? [];
  const error = meta?.["disco/error"];
  return { isError, text, head, next, code: error?.code, details: error?.details };
}

/** What every failed tool with this code must say. */
export function failure(code: ErrorCode, more: Record<string, unknown> = {}) {
  return { isError: true, head: code, code, next: errorCatalogue[code].next, ...more };
}

/** What /mcp answered to a request that never became a message. */
export async function rpcFailureOf(answer: Answer) {
  const message = (await answer.json()) as {
    id: null;
    error: { code: number; message: string; data: { code: string; next: string } };
  };
  const { id, error } = message;
  return { httpStatus: answer.status, id, rpcCode: error.code, ...error.data };
}

/** What every such answer with this code must say. */
export function rpcFailure(code: ErrorCode) {
  const { status, next } = errorCatalogue[code];
  const rpcCode = code === "invalid_json" ? -32_700 : -32_600;
  return { httpStatus: status, id: null, rpcCode, code, next };
}
