import { Buffer } from "buffer/index.js";
import { invalidArgType, nodeError } from "../errors/node-error.ts";
import { fileURLToPath } from "../text/url.ts";

/** A path as the guest gave it (errors show that one) and as the kernel gets it. */
export interface PathArgument {
  readonly shown: string;
  readonly absolute: string;
}

export function pathText(value: unknown, name: string): string {
  let text: string;
  if (typeof value === "string") text = value;
  else if (value instanceof URL) text = fileURLToPath(value);
  else if (value instanceof Uint8Array) text = Buffer.from(value).toString();
  else throw invalidArgType(name, "of type string or an instance of Buffer or URL", value);
  if (text.includes("\0")) {
    const shown = JSON.stringify(text)
      .replaceAll("\\u0000", String.raw`\x00`)
      .replaceAll('"', "'");
    throw nodeError(
      "ERR_INVALID_ARG_VALUE",
      `The argument '${name}' must be a string, Uint8Array, or URL without null bytes. Received ${shown}`,
      TypeError,
    );
  }
  return text;
}

/** Absolute, with `.` and `..` left in: the kernel takes them out past symbolic links. */
export function createPathReader(
  cwd: () => string,
): (value: unknown, name?: string) => PathArgument {
  return (value, name = "path") => {
    const shown = pathText(value, name);
    if (shown.startsWith("/")) return { shown, absolute: shown };
    // An empty path names nothing (POSIX.1-2017, section 4.13); it must not become the directory.
    return { shown, absolute: shown === "" ? "" : `${cwd()}/${shown}` };
  };
}

export type PathReader = ReturnType<typeof createPathReader>;
