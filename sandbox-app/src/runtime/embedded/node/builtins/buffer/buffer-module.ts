import * as npm from "buffer/index.js";
import type { NodeContext } from "../../context.ts";
import { addBufferMethods } from "./buffer-methods.ts";
import { addBufferStatics } from "./buffer-statics.ts";
import { transcode } from "./transcode.ts";
import { isAscii, isUtf8 } from "./validity.ts";

const MAX_LENGTH = 2 ** 53 - 1;
const MAX_STRING_LENGTH = 536_870_888;

/** `node:buffer`. The class is that of the npm package, which readable-stream uses too. */
export function createBuffer(node: NodeContext): unknown {
  const { Buffer } = npm;
  addBufferStatics(Buffer);
  addBufferMethods(Buffer, (value) =>
    node.builtin<{ inspect(value: unknown): string }>("util").inspect(value),
  );
  return {
    Buffer,
    SlowBuffer: Buffer,
    Blob: globalThis.Blob,
    File: globalThis.File,
    kMaxLength: MAX_LENGTH,
    kStringMaxLength: MAX_STRING_LENGTH,
    constants: { MAX_LENGTH, MAX_STRING_LENGTH },
    INSPECT_MAX_BYTES: 50,
    atob: globalThis.atob.bind(globalThis),
    btoa: globalThis.btoa.bind(globalThis),
    isUtf8,
    isAscii,
    transcode,
    resolveObjectURL: (): undefined => undefined,
  };
}
