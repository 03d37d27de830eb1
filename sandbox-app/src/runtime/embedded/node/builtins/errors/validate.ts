import { invalidArgType, nodeError, outOfRange } from "./node-error.ts";

export function validateFunction(value: unknown, name: string): void {
  if (typeof value !== "function") throw invalidArgType(name, "of type function", value);
}

export function validateString(value: unknown, name: string): asserts value is string {
  if (typeof value !== "string") throw invalidArgType(name, "of type string", value);
}

export function validateBoolean(value: unknown, name: string): asserts value is boolean {
  if (typeof value !== "boolean") throw invalidArgType(name, "of type boolean", value);
}

export function validateObject(value: unknown, name: string): asserts value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidArgType(name, "of type object", value);
  }
}

export function validateInteger(
  value: unknown,
  name: string,
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  if (typeof value !== "number") throw invalidArgType(name, "of type number", value);
  if (!Number.isInteger(value)) throw outOfRange(name, "an integer", value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value);
}

export function validateAbortSignal(value: unknown, name: string): void {
  if (value !== undefined && !(typeof value === "object" && value !== null && "aborted" in value)) {
    throw invalidArgType(name, "an instance of AbortSignal", value);
  }
}

/** A port number as `net` takes it: 0 to 65535, as a number or a decimal string. */
export function validatePort(value: unknown, name = "options.port"): number {
  const port = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 65_535) {
    return port;
  }
  const shown =
    typeof value === "number" || typeof value === "string"
      ? `type ${typeof value} (${typeof value === "string" ? `'${value}'` : value})`
      : String(value);
  throw nodeError(
    "ERR_SOCKET_BAD_PORT",
    `${name} should be >= 0 and < 65536. Received ${shown}.`,
    RangeError,
  );
}
