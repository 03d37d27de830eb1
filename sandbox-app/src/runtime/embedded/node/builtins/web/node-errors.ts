import { nodeError } from "../errors/node-error.ts";

/*
 * Functions and classes of the platform that fail with words of the browser's: programs look at Node's
 * codes and messages.
 */

type Thrown = (args: readonly unknown[], error: unknown) => unknown;

/** The class, with its constructor's errors exchanged. */
function withErrors<Class extends abstract new (...args: never[]) => object>(
  Class: Class,
  thrown: Thrown,
): Class {
  const proxy: Class = new Proxy(Class, {
    construct(target, args, newTarget) {
      try {
        return Reflect.construct(target, args, newTarget === proxy ? target : newTarget) as object;
      } catch (error) {
        throw thrown(args, error);
      }
    },
  });
  Object.defineProperty(Class.prototype, "constructor", { value: proxy });
  return proxy;
}

function invalidUrl([input, base]: readonly unknown[], error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  if (input === undefined) {
    return nodeError("ERR_MISSING_ARGS", 'The "url" argument must be specified', TypeError);
  }
  const parts = base === undefined ? {} : { base: textOf(base) };
  const invalid = nodeError("ERR_INVALID_URL", "Invalid URL", TypeError);
  return Object.assign(invalid, { input: textOf(input), ...parts });
}

function textOf(value: unknown): string {
  return value instanceof URL ? value.href : String(value);
}

function unknownEncoding([label]: readonly unknown[], error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  const message = `The "${textOf(label)}" encoding is not supported`;
  return nodeError("ERR_ENCODING_NOT_SUPPORTED", message, RangeError);
}

/** Its `decode` fails with Node's code for what is not of the encoding. */
function strictDecoder(Decoder: typeof TextDecoder): typeof TextDecoder {
  const { prototype } = Decoder;
  const decode = Reflect.get(prototype, "decode") as (...args: unknown[]) => string;
  Object.defineProperty(prototype, "decode", {
    value(this: TextDecoder, ...args: unknown[]): string {
      try {
        return Reflect.apply(decode, this, args);
      } catch (error) {
        if (!this.fatal || !(error instanceof TypeError)) throw error;
        const message = `The encoded data was not valid for encoding ${this.encoding}`;
        throw nodeError("ERR_ENCODING_INVALID_ENCODED_DATA", message, TypeError);
      }
    },
    writable: true,
    configurable: true,
    enumerable: true,
  });
  return Decoder;
}

/** Without "Failed to execute '…' on '…': ". */
function plainWords(error: unknown, message?: string): unknown {
  if (!(error instanceof DOMException)) return error;
  const words = message ?? error.message.replace(/^Failed to execute '.*?' on '.*?': /, "");
  return new DOMException(words, error.name);
}

/** Those of the platform's globals that fail as Node's do. */
export function globalsWithNodeErrors(global: typeof globalThis): Record<string, unknown> {
  const { structuredClone: clone, atob: decode } = global;
  return {
    URL: withErrors(global.URL, invalidUrl),
    TextDecoder: withErrors(strictDecoder(global.TextDecoder), unknownEncoding),
    structuredClone(value: unknown, options?: StructuredSerializeOptions): unknown {
      try {
        return clone(value, options);
      } catch (error) {
        throw plainWords(error);
      }
    },
    atob(text: string): string {
      try {
        return decode(text);
      } catch (error) {
        throw plainWords(error, "Invalid character");
      }
    },
  };
}
