import * as z from "zod";
import type { FileSystem } from "./file-system.ts";

const path = z.string();
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** File calls that a process may make, with the arguments each takes. */
const argumentsOf = {
  stat: z.tuple([path]),
  lstat: z.tuple([path]),
  realpath: z.tuple([path]),
  readlink: z.tuple([path]),
  read: z.tuple([path]),
  write: z.tuple([path, bytes]),
  append: z.tuple([path, bytes]),
  list: z.tuple([path]),
  mkdir: z.tuple([path]),
  mkdirp: z.tuple([path]),
  remove: z.tuple([path, z.strictObject({ recursive: z.boolean() })]),
  rename: z.tuple([path, path]),
  symlink: z.tuple([path, path]),
  link: z.tuple([path, path]),
  chmod: z.tuple([path, z.int()]),
  utimes: z.tuple([path, z.number()]),
} as const;

export type FileCallName = keyof typeof argumentsOf;

export const FileCallName = z.enum(Object.keys(argumentsOf) as [FileCallName, ...FileCallName[]]);

/** The kernel's file system as a process sees it. */
export type FileCalls = {
  readonly [Name in FileCallName]: (
    ...args: z.input<(typeof argumentsOf)[Name]>
  ) => Promise<ReturnType<FileSystem[Name]>>;
};

/**
 * Runs a file call that came from a process.
 *
 * @throws FileError as the file system does; ZodError when the arguments do not fit
 */
export function callFile(files: FileSystem, name: FileCallName, args: unknown): unknown {
  const call = files[name] as (...args: unknown[]) => unknown;
  return call.apply(files, argumentsOf[name].parse(args));
}
