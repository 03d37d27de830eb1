import * as z from "zod";
import { ContainerId } from "../storage/port/messages.ts";

/** The frame has loaded and may be given its port. To the embedding page, by window message. */
export const FrameReady = z.object({ type: z.literal("disco.runtime.ready") });

/** The page hands the control port over. To the frame, by window message, once. */
export const FrameConnect = z.object({ type: z.literal("disco.runtime.connect") });

/** On the control port, from the page: the message's port is to be served by the kernel. */
export const OpenPort = z.object({ type: z.literal("open") });

/**
 * On the control port, from the page, once and first: whose files are kept. The message's port is
 * for `serveStorage`. The kernel gets it as it is.
 */
export const BootContainer = z.object({
  type: z.literal("boot"),
  /** Null: nothing is kept. */
  container: ContainerId.nullable(),
});

/**
 * On the control port, from the page: what programs may reach of other hosts is said on the
 * message's port. The kernel gets it as it is.
 */
export const OpenNetwork = z.object({ type: z.literal("network") });

/** On the control port, from the page: ask the browser to keep what is stored. */
export const AskPersist = z.object({ type: z.literal("persist") });

/** On the control port, from the frame: what the browser said to it. */
export const FramePersisted = z.object({ type: z.literal("persisted"), value: z.boolean() });

/** On the control port, from the frame. */
export const FrameFailed = z.object({ type: z.literal("failed"), message: z.string() });
