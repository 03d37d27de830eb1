import { Buffer } from "buffer/index.js";
import { missingFeature } from "../errors/node-error.ts";

/** What a process may hold (the watchdog's limit), in bytes. */
const HEAP_LIMIT = 512 * 1024 * 1024;

interface MemoryInfo {
  readonly usedJSHeapSize: number;
  readonly totalJSHeapSize: number;
}

function heap(): MemoryInfo {
  const { memory } = performance as { memory?: MemoryInfo };
  return memory ?? { usedJSHeapSize: 0, totalJSHeapSize: 0 };
}

const tags = {
  map: "$map",
  set: "$set",
  date: "$date",
  bytes: "$bytes",
  bigint: "$bigint",
  undefined: "$undefined",
  number: "$number",
  regexp: "$regexp",
  error: "$error",
} as const;

/** Values as JSON with tags for what JSON lacks: only this module reads it back, not V8's own format. */
function encode(value: unknown): unknown {
  if (value === undefined) return { [tags.undefined]: 1 };
  if (typeof value === "bigint") return { [tags.bigint]: String(value) };
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { [tags.number]: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (typeof value === "function" || typeof value === "symbol") {
    throw Object.assign(new Error(`${String(value)} could not be cloned.`), {
      name: "DataCloneError",
    });
  }
  return typeof value === "object" && value !== null ? encodeObject(value) : value;
}

function encodeObject(value: object): unknown {
  if (value instanceof Date) return { [tags.date]: value.getTime() };
  if (value instanceof RegExp) return { [tags.regexp]: [value.source, value.flags] };
  if (value instanceof Map)
    return { [tags.map]: Array.from(value, (pair) => pair.map((each) => encode(each))) };
  if (value instanceof Set) return { [tags.set]: Array.from(value, (each) => encode(each)) };
  if (value instanceof Error) return { [tags.error]: [value.name, value.message, value.stack] };
  if (ArrayBuffer.isView(value))
    return {
      [tags.bytes]: Buffer.from(
        value.buffer as ArrayBuffer,
        value.byteOffset,
        value.byteLength,
      ).toString("base64"),
    };
  if (Array.isArray(value)) return value.map((each) => encode(each));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, encode(each)]));
}

function decode(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => decode(each));
  const [entry] = Object.entries(value);
  const [tag, body] = entry ?? [];
  switch (tag) {
    case tags.undefined:
      return undefined;
    case tags.bigint:
      return BigInt(body as string);
    case tags.number:
      return body === "-0" ? -0 : Number(body);
    case tags.date:
      return new Date(body as number);
    case tags.regexp:
      return new RegExp(...(body as [string, string]));
    case tags.map:
      return new Map((body as unknown[][]).map(([key, each]) => [decode(key), decode(each)]));
    case tags.set:
      return new Set((body as unknown[]).map((each) => decode(each)));
    case tags.error: {
      const [name, message, stack] = body as [string, string, string];
      return Object.assign(new Error(message), { name, stack });
    }
    case tags.bytes:
      return Buffer.from(body as string, "base64");
    default:
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decode(each)]));
  }
}

/** `node:v8`. */
export function createV8(): unknown {
  return {
    serialize: (value: unknown) => Buffer.from(JSON.stringify(encode(value))),
    deserialize: (bytes: Uint8Array) => decode(JSON.parse(Buffer.from(bytes).toString())),
    getHeapStatistics: () => ({
      total_heap_size: heap().totalJSHeapSize,
      total_heap_size_executable: 0,
      total_physical_size: heap().totalJSHeapSize,
      total_available_size: HEAP_LIMIT - heap().usedJSHeapSize,
      used_heap_size: heap().usedJSHeapSize,
      heap_size_limit: HEAP_LIMIT,
      malloced_memory: 0,
      peak_malloced_memory: 0,
      does_zap_garbage: 0,
      number_of_native_contexts: 1,
      number_of_detached_contexts: 0,
      total_global_handles_size: 0,
      used_global_handles_size: 0,
      external_memory: 0,
    }),
    getHeapSpaceStatistics: () => [],
    getHeapCodeStatistics: () => ({
      code_and_metadata_size: 0,
      bytecode_and_metadata_size: 0,
      external_script_source_size: 0,
    }),
    cachedDataVersionTag: () => 0,
    setFlagsFromString: (): undefined => undefined,
    setHeapSnapshotNearHeapLimit: (): undefined => undefined,
    takeCoverage: (): undefined => undefined,
    stopCoverage: (): undefined => undefined,
    startupSnapshot: { isBuildingSnapshot: () => false },
    getHeapSnapshot: (): never => {
      throw missingFeature("v8.getHeapSnapshot", "Use the browser's own memory tools.");
    },
    writeHeapSnapshot: (): never => {
      throw missingFeature("v8.writeHeapSnapshot", "Use the browser's own memory tools.");
    },
  };
}
