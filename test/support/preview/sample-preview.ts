import type { Frame } from "playwright";
import { afterAll, beforeAll } from "vitest";
import { PreviewRig } from "./preview-rig.ts";
import type { Program } from "./program.ts";
import { startSampleProgram } from "./sample-program.ts";

/** A preview of the sample program, shown in a frame for all tests of a file. */
export interface SamplePreview {
  readonly rig: PreviewRig;
  readonly program: Program;
  readonly frame: Frame;
}

/** @returns what there is while tests run */
export function samplePreview(): () => SamplePreview {
  let made: SamplePreview | undefined;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    const program = await startSampleProgram();
    closing.push(() => program.stop());
    const rig = await PreviewRig.start();
    closing.push(() => rig.close());
    await rig.bridge(program.port);
    made = { rig, program, frame: await rig.show(program.port, "/") };
  });
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });
  return () => {
    if (made === undefined) throw new Error("No test runs.");
    return made;
  };
}
