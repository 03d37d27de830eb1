import * as z from "zod";

/** The frame has loaded and may be given its port. To the embedding page, by window message. */
export const FrameReady = z.object({ type: z.literal("disco.runtime.ready") });

/** The page hands the control port over. To the frame, by window message, once. */
export const FrameConnect = z.object({ type: z.literal("disco.runtime.connect") });

/** On the control port, from the page: the message's port is to be served by the kernel. */
export const OpenPort = z.object({ type: z.literal("open") });

/** On the control port, from the frame. */
export const FrameFailed = z.object({ type: z.literal("failed"), message: z.string() });

/** Name of the query parameter that holds the origin of the embedding page. */
export const EMBEDDER_PARAMETER = "embedder";
