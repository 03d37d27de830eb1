import * as inspection from "node-inspect-extracted";
import type { NodeContext } from "../../context.ts";
import { invalidArgType, nodeError } from "../errors/node-error.ts";
import { validateFunction } from "../errors/validate.ts";
import { codeOfErrno, systemErrorMap, wordsOf } from "../errors/errno.ts";
import { isDeepStrictEqual } from "./deep-equal.ts";
import { createDebuglog } from "./debuglog.ts";
import { createDeprecate } from "./deprecate.ts";
import { abortedHelpers } from "./aborted.ts";
import { MIMEParams, MIMEType } from "./mime-type.ts";
import { parseArgs } from "./parse-args.ts";
import { parseEnv } from "./parse-env.ts";
import { callbackify, customPromisify, promisify } from "./promisify.ts";
import { type ColorTable, createStyleText } from "./style-text.ts";
import { types } from "./types.ts";

type Constructor = { prototype: object; super_?: unknown };

/** `node:util`. */
export function createUtil(node: NodeContext): unknown {
  const inspect = inspection.inspect as unknown as typeof inspection.inspect & {
    colors: ColorTable;
  };
  const debuglog = createDebuglog(node);
  const promisifyWithSymbol = Object.assign(promisify, { custom: customPromisify });
  return {
    _errnoException: errnoException,
    _exceptionWithHostPort: errnoException,
    _extend: (target: object, source: unknown) =>
      typeof source === "object" && source !== null ? Object.assign(target, source) : target,
    ...abortedHelpers(node),
    callbackify: (original: never) => callbackify(original, (call) => node.process.nextTick(call)),
    debug: debuglog,
    debuglog,
    deprecate: createDeprecate(node),
    diff: undefined,
    format: inspection.format,
    formatWithOptions: inspection.formatWithOptions,
    getCallSites,
    getSystemErrorMap: systemErrorMap,
    getSystemErrorName: codeOfErrno,
    getSystemErrorMessage: (errno: number) => {
      const code = codeOfErrno(errno);
      return code === undefined ? undefined : wordsOf(code);
    },
    inherits,
    inspect,
    isArray: Array.isArray,
    isDeepStrictEqual,
    isError: types["isNativeError"],
    promisify: promisifyWithSymbol,
    parseArgs: (config = {}) => parseArgs(config, () => node.process.argv.slice(2)),
    parseEnv,
    stripVTControlCharacters: inspection.stripVTControlCharacters,
    styleText: createStyleText(inspect.colors, (stream) => wantsColors(node, stream)),
    toUSVString: (text: unknown) => String(text).toWellFormed(),
    TextDecoder: globalThis.TextDecoder,
    TextEncoder: globalThis.TextEncoder,
    MIMEType,
    MIMEParams,
    types,
  };
}

function inherits(constructor: Constructor, superConstructor: Constructor): void {
  validateFunction(constructor, "ctor");
  validateFunction(superConstructor, "superCtor");
  if (superConstructor.prototype === undefined) {
    throw invalidArgType("superCtor.prototype", "of type object", superConstructor.prototype);
  }
  Object.defineProperty(constructor, "super_", {
    value: superConstructor,
    writable: true,
    configurable: true,
  });
  Object.setPrototypeOf(constructor.prototype, superConstructor.prototype);
}

function errnoException(errno: number, syscall: string, original?: string): Error {
  const code = codeOfErrno(errno) ?? "UNKNOWN";
  const error = new Error(`${syscall} ${code}${original === undefined ? "" : ` ${original}`}`);
  return Object.assign(error, { errno, code, syscall });
}

function wantsColors(node: NodeContext, stream: unknown): boolean {
  const { env } = node.process;
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  if (env["FORCE_COLOR"] !== undefined) return env["FORCE_COLOR"] !== "0";
  const target = (stream ?? node.process.stdout) as { isTTY?: boolean };
  return target.isTTY === true;
}

/** `util.getCallSites`, read from the stack's text. */
function getCallSites(frames = 10): unknown[] {
  if (!Number.isInteger(frames) || frames < 1 || frames > 200) {
    throw nodeError(
      "ERR_OUT_OF_RANGE",
      `The value of "frameCount" is out of range. It must be >= 1 && <= 200. Received ${frames}`,
      RangeError,
    );
  }
  const lines = (new Error("call sites").stack ?? "").split("\n").slice(2, 2 + frames);
  return lines.map((line) => {
    const match = /^\s+at (?:(.*?) \()?(.*?):(\d+):(\d+)\)?$/.exec(line);
    return {
      functionName: match?.[1] ?? "",
      scriptId: "0",
      scriptName: match?.[2] ?? "",
      lineNumber: Number(match?.[3] ?? 0),
      columnNumber: Number(match?.[4] ?? 0),
      column: Number(match?.[4] ?? 0),
    };
  });
}
