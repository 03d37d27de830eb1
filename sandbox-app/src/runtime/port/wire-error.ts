import { FileError } from "../runtime.ts";
import type { WireError } from "./messages.ts";

export function toWire(error: unknown): WireError {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof FileError)) return { message };
  return { message, file: { code: error.code, path: error.path } };
}

export function fromWire({ message, file }: WireError): Error {
  return file === undefined ? new Error(message) : new FileError(file.code, file.path, message);
}
