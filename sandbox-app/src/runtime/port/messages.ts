import * as z from "zod";
import { fileErrorCodes } from "../runtime.ts";
import { Bytes, Greeting, MethodName, signal } from "./methods.ts";

/**
 * The runtime's interface as messages over a MessagePort. Both ends parse what they receive: the
 * page and the runtime live on different origins, and neither believes the other. A process is named
 * by the id of the call that spawned it.
 */

const processId = z.int();
const watchId = z.int();

export const ClientMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("call"),
    id: z.int(),
    method: MethodName,
    args: z.array(z.unknown()),
  }),
  z.object({ type: z.literal("stdin"), process: processId, bytes: Bytes }),
  z.object({ type: z.literal("stdin_end"), process: processId }),
  /** So many bytes of a stream were consumed: as many more may come. */
  z.object({
    type: z.literal("credit"),
    process: processId,
    stream: z.enum(["stdout", "stderr"]),
    bytes: z.int().nonnegative(),
  }),
  /** Nobody reads this stream any more. */
  z.object({
    type: z.literal("cancel"),
    process: processId,
    stream: z.enum(["stdout", "stderr"]),
  }),
  z.object({ type: z.literal("kill"), process: processId, signal: signal.optional() }),
  z.object({
    type: z.literal("resize"),
    process: processId,
    columns: z.int().positive(),
    rows: z.int().positive(),
  }),
  z.object({ type: z.literal("watch"), watch: watchId, path: z.string() }),
  z.object({ type: z.literal("unwatch"), watch: watchId }),
  /** With a MessagePort, which becomes the connection (`byte-channel.ts`). */
  z.object({ type: z.literal("connect"), id: z.int(), port: z.int() }),
  /** Answered by `pong` at once. */
  z.object({ type: z.literal("ping") }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** An error as it crosses the port; with a code it is a FileError. */
const WireError = z.object({
  message: z.string(),
  file: z
    .object({
      code: z.enum(fileErrorCodes),
      path: z.string(),
    })
    .optional(),
});
export type WireError = z.infer<typeof WireError>;

export const ServerMessage = z.discriminatedUnion("type", [
  Greeting.extend({ type: z.literal("hello") }),
  z.object({ type: z.literal("result"), id: z.int(), value: z.unknown() }),
  z.object({ type: z.literal("error"), id: z.int(), error: WireError }),
  z.object({
    type: z.literal("output"),
    process: processId,
    stream: z.enum(["stdout", "stderr"]),
    bytes: Bytes,
  }),
  z.object({
    type: z.literal("output_end"),
    process: processId,
    stream: z.enum(["stdout", "stderr"]),
  }),
  z.object({ type: z.literal("stdin_credit"), process: processId, bytes: z.int().nonnegative() }),
  z.object({
    type: z.literal("exit"),
    process: processId,
    exit: z.object({ code: z.int().nullable(), signal: z.string().nullable() }),
  }),
  z.object({
    type: z.literal("event"),
    watch: watchId,
    event: z.object({ type: z.enum(["created", "changed", "removed"]), path: z.string() }),
  }),
  z.object({
    type: z.literal("port"),
    event: z.object({ type: z.enum(["opened", "closed"]), port: z.int(), pid: z.int() }),
  }),
  z.object({
    type: z.literal("cut"),
    event: z.object({
      pid: z.int(),
      argv: z.array(z.string()),
      limit: z.enum(["memory", "busy", "output"]),
      message: z.string(),
    }),
  }),
  /** `processes` and `usage` have something new to say. */
  z.object({ type: z.literal("processes") }),
  z.object({ type: z.literal("pong") }),
  /** The runtime has failed; nothing more will come. */
  z.object({ type: z.literal("failed"), message: z.string() }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
