import { WASI as Polyfill } from "@tybys/wasm-util";
import type { NodeContext } from "../../context.ts";
import { invalidArgType, invalidArgValue, nodeError } from "../errors/node-error.ts";
import {
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
  validateString,
} from "../errors/validate.ts";
import { clocks } from "./clocks.ts";
import { GuestMemory, WasiError } from "./guest-memory.ts";
import { guardPaths } from "./path-guard.ts";
import { standardStreams } from "./standard-streams.ts";

type Imports = Record<string, (...args: never[]) => number>;

interface Options {
  readonly bindingName: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly preopens: Record<string, string>;
  readonly descriptors: readonly [number, number, number];
  readonly returnOnExit: boolean;
}

/** Thrown through the module by `proc_exit`, which must not come back. */
class ExitOfModule extends Error {
  readonly code: number;
  constructor(code: number) {
    super("The module has exited");
    this.code = code;
  }
}

const bindingNames: Readonly<Record<string, string>> = {
  unstable: "wasi_unstable",
  preview1: "wasi_snapshot_preview1",
};

/** `node:wasi`: preview 1 over the container's files, streams and clocks. */
export function createWasi(node: NodeContext): unknown {
  node.process.emitWarning(
    "WASI is an experimental feature and might change at any time",
    "ExperimentalWarning",
  );

  class WASI {
    readonly wasiImport: Imports;
    readonly #bindingName: string;
    readonly #memory = new GuestMemory();
    readonly #polyfill: Polyfill;
    #isStarted = false;

    constructor(options: unknown = {}) {
      const read = readOptions(options);
      this.#bindingName = read.bindingName;
      this.#polyfill = createPolyfill(node, read);
      this.wasiImport = Object.assign(
        this.#polyfill.wasiImport as Imports,
        importsOf(node, this.#memory, this.#polyfill, read),
      );
    }

    finalizeBindings(instance: unknown, options: { memory?: WebAssembly.Memory } = {}): void {
      if (this.#isStarted) {
        throw nodeError("ERR_WASI_ALREADY_STARTED", "WASI instance has already started");
      }
      const memory = options.memory ?? memoryOf(instance);
      this.#isStarted = true;
      this.#memory.memory = memory;
      this.#polyfill.finalizeBindings(instance as WebAssembly.Instance, { memory });
    }

    /** Runs a command. @returns its exit code */
    start(instance: unknown): number {
      this.finalizeBindings(instance);
      const { _start, _initialize } = (instance as WebAssembly.Instance).exports;
      validateFunction(_start, "instance.exports._start");
      validateUndefined(_initialize, "instance.exports._initialize");
      try {
        (_start as () => void)();
      } catch (error) {
        if (error instanceof ExitOfModule) return error.code;
        throw error;
      }
      return 0;
    }

    initialize(instance: unknown): void {
      this.finalizeBindings(instance);
      const { _start, _initialize } = (instance as WebAssembly.Instance).exports;
      validateUndefined(_start, "instance.exports._start");
      if (_initialize === undefined) return;
      validateFunction(_initialize, "instance.exports._initialize");
      (_initialize as () => void)();
    }

    getImportObject(): Record<string, Imports> {
      return { [this.#bindingName]: this.wasiImport };
    }
  }
  return { WASI };
}

/** What is done otherwise than by the polyfill. */
function importsOf(
  node: NodeContext,
  memory: GuestMemory,
  polyfill: Polyfill,
  { descriptors, args, env, returnOnExit }: Options,
): Imports {
  const imports = { ...(polyfill.wasiImport as Imports) };
  const variables = Object.entries(env).map((pair) => pair.join("="));
  return {
    ...standardStreams(node.system, memory, descriptors, imports),
    ...guardPaths(memory, imports),
    ...clocks(node.natives, memory),
    ...sizes("args", memory, args),
    ...sizes("environ", memory, variables),
    random_get: (at: number, length: number) => {
      const bytes = new Uint8Array(length >>> 0);
      // At most 65,536 bytes at once (Web Cryptography, 10.1.1).
      for (let start = 0; start < bytes.length; start += 65_536) {
        node.natives.crypto.getRandomValues(bytes.subarray(start, start + 65_536));
      }
      memory.bytes(at >>> 0, bytes.length).set(bytes);
      return WasiError.SUCCESS;
    },
    proc_exit: (code: number) => {
      if (returnOnExit) throw new ExitOfModule(code);
      return node.process.reallyExit(code);
    },
  };
}

/** @throws ERR_INVALID_ARG_TYPE for what is no instance with a memory */
function memoryOf(instance: unknown): WebAssembly.Memory {
  validateObject(instance, "instance");
  const { exports } = instance as { exports?: unknown };
  validateObject(exports, "instance.exports");
  const { memory } = exports as { memory?: unknown };
  if (isMemory(memory)) return memory;
  throw nodeError(
    "ERR_INVALID_ARG_TYPE",
    '"instance.exports.memory" property must be a WebAssembly.Memory object',
    TypeError,
  );
}

/** `args_sizes_get` and `environ_sizes_get`; the polyfill counts a byte too much where there is nothing. */
function sizes(kind: string, memory: GuestMemory, strings: readonly string[]): Imports {
  const bytes = new TextEncoder().encode(strings.map((text) => `${text}\0`).join("")).byteLength;
  return {
    [`${kind}_sizes_get`]: (count: number, size: number) => {
      memory.view().setUint32(count >>> 0, strings.length, true);
      memory.view().setUint32(size >>> 0, bytes, true);
      return WasiError.SUCCESS;
    },
  };
}

function createPolyfill(node: NodeContext, options: Options): Polyfill {
  const { args, env, preopens } = options;
  try {
    return new Polyfill({ args: [...args], env, preopens, fs: node.builtin("fs") });
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== "string") throw error;
    throw nodeError(`UVWASI_${code}`, `UVWASI_${code}, uvwasi_init`);
  }
}

function readOptions(options: unknown): Options {
  validateObject(options, "options");
  const given = options as Readonly<Record<string, unknown>>;
  const { version, args = [], env = {}, preopens = {}, returnOnExit = true } = given;
  validateString(version, "options.version");
  const bindingName = bindingNames[version];
  if (bindingName === undefined) {
    throw invalidArgValue("options.version", version, "unsupported WASI version");
  }
  if (!Array.isArray(args)) throw invalidArgType("options.args", "an instance of Array", args);
  validateObject(env, "options.env");
  validateObject(preopens, "options.preopens");
  const descriptor = (name: string, usual: number): number => {
    const value = given[name] ?? usual;
    validateInteger(value, `options.${name}`, 0, 2_147_483_647);
    return value;
  };
  const descriptors = [
    descriptor("stdin", 0),
    descriptor("stdout", 1),
    descriptor("stderr", 2),
  ] as const;
  validateBoolean(returnOnExit, "options.returnOnExit");
  return {
    bindingName,
    args: args.map(String),
    env: texts(env),
    preopens: texts(preopens),
    descriptors,
    returnOnExit,
  };
}

function texts(values: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

function validateUndefined(value: unknown, name: string): void {
  if (value !== undefined) throw invalidArgType(name, "undefined", value);
}

/** A shared memory may come from another thread's realm. */
function isMemory(value: unknown): value is WebAssembly.Memory {
  return (
    value instanceof WebAssembly.Memory ||
    Object.prototype.toString.call(value) === "[object WebAssembly.Memory]"
  );
}
