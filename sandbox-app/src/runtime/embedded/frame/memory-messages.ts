import * as z from "zod";

/** From the kernel to its frame: measure what each worker takes. Only a window may. */
export const MeasureMemory = z.object({ type: z.literal("measure_memory") });

/** From the kernel to its frame: collect the garbage, as everybody does. */
export const CollectGarbage = z.object({ type: z.literal("collect_garbage") });

/** The frame's answer. Null: this browser does not measure, or would not. */
export const MemoryMeasured = z.object({
  type: z.literal("memory_measured"),
  workers: z
    .array(
      z.object({
        /** The fragment of the worker's address. */
        mark: z.string(),
        /** Of its heap and its buffers. */
        bytes: z.number().nonnegative(),
      }),
    )
    .nullable(),
});

export type MeasuredWorker = NonNullable<z.infer<typeof MemoryMeasured>["workers"]>[number];
