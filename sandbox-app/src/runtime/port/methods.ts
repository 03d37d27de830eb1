import * as z from "zod";
import { RuntimeCapabilities } from "#protocol/capabilities.ts";

export const Bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);

const path = z.string();
const none = z.undefined();
const fileType = z.enum(["file", "directory", "symlink"]);
/** What the page may send to a process. */
export const signal = z.enum(["SIGINT", "SIGTERM", "SIGKILL"]);

const recursive = z.object({ recursive: z.boolean().optional() }).optional();

const scanned = z.array(
  z.object({
    path,
    type: fileType,
    size: z.number(),
    mode: z.number(),
    stamp: z.string(),
  }),
);

/** What a client may ask of a runtime through a port: arguments and answer of each method. */
export const methods = {
  read: { args: z.tuple([path]), result: Bytes },
  write: { args: z.tuple([path, Bytes]), result: none },
  list: {
    args: z.tuple([path]),
    result: z.array(z.object({ name: z.string(), type: fileType })),
  },
  stat: {
    args: z.tuple([path]),
    result: z.object({
      type: fileType,
      size: z.number(),
      mode: z.number(),
      mtimeMs: z.number(),
    }),
  },
  realpath: { args: z.tuple([path]), result: z.string() },
  mkdir: { args: z.tuple([path, recursive]), result: none },
  remove: { args: z.tuple([path, recursive]), result: none },
  rename: { args: z.tuple([path, path]), result: none },
  chmod: { args: z.tuple([path, z.int().nonnegative()]), result: none },
  scan: {
    args: z.tuple([
      path,
      z.object({ skip: z.array(z.string()).readonly(), since: z.string().optional() }),
    ]),
    result: z.object({ version: z.string(), entries: scanned.nullable() }),
  },
  spawn: {
    args: z.tuple([
      z.string(),
      z.array(z.string()),
      z.object({
        cwd: z.string().optional(),
        env: z.record(z.string(), z.string()).optional(),
        pty: z.object({ columns: z.int().positive(), rows: z.int().positive() }).optional(),
      }),
    ]),
    result: z.object({ id: z.string(), hasStderr: z.boolean(), canResize: z.boolean() }),
  },
  processes: {
    args: z.tuple([]),
    result: z.array(
      z.object({
        pid: z.int(),
        parent: z.int(),
        argv: z.array(z.string()),
        startedAt: z.number(),
        state: z.enum(["running", "stopped", "ended"]),
        ports: z.array(z.int()),
        memory: z.number().nullable(),
        load: z.number().nullable(),
      }),
    ),
  },
  signal: { args: z.tuple([z.int(), signal]), result: none },
  usage: {
    args: z.tuple([]),
    result: z.object({
      fileBytes: z.number(),
      fileBytesMax: z.number(),
      processes: z.int(),
      processesMax: z.int(),
    }),
  },
  dispose: { args: z.tuple([]), result: none },
} as const;

export type MethodName = keyof typeof methods;
export type MethodArgs<Name extends MethodName> = z.input<(typeof methods)[Name]["args"]>;
export type MethodResult<Name extends MethodName> = z.output<(typeof methods)[Name]["result"]>;

export const MethodName = z.enum(Object.keys(methods) as [MethodName, ...MethodName[]]);

/** What a server says first. */
export const Greeting = z.object({ capabilities: RuntimeCapabilities, root: z.string() });
