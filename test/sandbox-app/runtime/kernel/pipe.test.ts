import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pipe, PIPE_BYTES } from "#sandbox/runtime/embedded/kernel/open/pipe.ts";
import { Waits } from "#sandbox/runtime/embedded/kernel/open/waits.ts";

/** Whether it has finished, looked at after everything that can run has run. */
async function isSettled(promise: unknown): Promise<boolean> {
  let settled = false;
  void Promise.resolve(promise).then(
    () => (settled = true),
    () => (settled = true),
  );
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  return settled;
}

describe("a pipe", () => {
  it("passes every byte on in order, whatever the sizes and whoever waits", async () => {
    const step = fc.oneof(
      fc.record({ write: fc.integer({ min: 0, max: 3 * PIPE_BYTES }) }),
      fc.record({ read: fc.integer({ min: 1, max: 2 * PIPE_BYTES }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const pipe = new Pipe();
        const waits = new Waits();
        let written = 0;
        const reads: Promise<Uint8Array>[] = [];
        for (const action of steps) {
          if ("write" in action) {
            const bytes = Uint8Array.from(
              { length: action.write },
              (_, at) => (written + at) % 251,
            );
            written += action.write;
            void pipe.write(bytes, waits);
          } else {
            const chunk = pipe.read(action.read, waits);
            expect(pipe.size).toBeLessThanOrEqual(PIPE_BYTES);
            reads.push(Promise.resolve(chunk));
          }
        }
        pipe.closeWriter();
        for (;;) {
          const chunk = await pipe.read(PIPE_BYTES, waits);
          if (chunk.byteLength === 0) break;
          reads.push(Promise.resolve(chunk));
        }
        let at = 0;
        for (const chunk of await Promise.all(reads)) {
          for (const byte of chunk) if (byte !== at++ % 251) throw new Error(`wrong byte ${at}`);
        }
        expect(at).toBe(written);
      }),
      { numRuns: 40 },
    );
  });

  it("lets a writer wait when it is full, until somebody reads", async () => {
    const pipe = new Pipe();
    const waits = new Waits();
    expect(pipe.write(new Uint8Array(PIPE_BYTES), waits)).toBe(PIPE_BYTES);
    const waiting = pipe.write(new Uint8Array(10), waits);
    expect(await isSettled(waiting)).toBe(false);
    void pipe.read(10, waits);
    expect(await waiting).toBe(10);
  });

  it("breaks for writers, also for those who wait, when its reader goes", async () => {
    const pipe = new Pipe();
    const waits = new Waits();
    const waiting = pipe.write(new Uint8Array(PIPE_BYTES + 1), waits);
    pipe.closeReader();
    await expect(waiting).rejects.toMatchObject({ code: "EPIPE" });
    expect(() => pipe.write(new Uint8Array(1), waits)).toThrow("EPIPE");
  });

  it("keeps its bytes for others when one who waited has ended", async () => {
    const pipe = new Pipe();
    const dead = new Waits();
    const abandoned = pipe.read(100, dead);
    dead.cancelAll();
    await pipe.write(Uint8Array.of(1, 2), new Waits());
    expect(await isSettled(abandoned)).toBe(false);
    expect(await pipe.read(100, new Waits())).toEqual(Uint8Array.of(1, 2));
  });

  it("ends for its reader and goes on for its writers once it drops", async () => {
    const pipe = new Pipe();
    const waits = new Waits();
    void pipe.write(Uint8Array.of(7), waits);
    pipe.dropFurther();
    expect(pipe.write(new Uint8Array(10 * PIPE_BYTES), waits)).toBe(10 * PIPE_BYTES);
    expect(await pipe.read(9, waits)).toEqual(Uint8Array.of(7));
    expect((await pipe.read(9, waits)).byteLength).toBe(0);
  });
});
