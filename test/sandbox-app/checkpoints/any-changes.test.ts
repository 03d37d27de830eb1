import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Checkpoints } from "#sandbox/checkpoints/checkpoints.ts";
import { FileError, type Runtime } from "#sandbox/runtime/runtime.ts";
import { memoryRuntime } from "../ui/support/memory-runtime.ts";

const RUNS = 400;

const names = ["a", "b", "c.txt"] as const;
const path = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 });
const name = path.map((parts) => parts.join("/"));
const content = fc.uint8Array({ maxLength: 5 });
const change = fc.oneof(
  fc.record({ do: fc.constant("write" as const), name, content }),
  fc.record({ do: fc.constant("mkdir" as const), name }),
  fc.record({ do: fc.constant("remove" as const), name }),
  fc.record({ do: fc.constant("rename" as const), name, to: name }),
  fc.record({ do: fc.constant("chmod" as const), name, mode: fc.constantFrom(0o700, 0o755) }),
);
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

/** What the file system refuses, a program would be refused too. */
async function apply({ files, root }: Runtime, one: Change): Promise<void> {
  const at = `${root}/${one.name}`;
  try {
    if (one.do === "write") await files.write(at, one.content);
    else if (one.do === "mkdir") await files.mkdir(at);
    else if (one.do === "remove") await files.remove(at, { recursive: true });
    else if (one.do === "rename") await files.rename(at, `${root}/${one.to}`);
    else await files.chmod(at, one.mode);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

/** Everything that is in the workspace: type, mode and bytes of each path. */
async function everything({ files, root }: Runtime): Promise<Record<string, string>> {
  const { entries } = await files.scan(root, { skip: [] });
  const all = (entries ?? []).toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const told: Record<string, string> = {};
  for (const { path: below, type, mode } of all) {
    const bytes = type === "file" ? await files.read(`${root}/${below}`) : [];
    told[below] = `${type} ${mode.toString(8)} ${[...bytes].join(" ")}`;
  }
  return told;
}

/** The same path, or one of them is below the other. */
function isNear(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

class Workspace {
  readonly runtime = memoryRuntime({ "a/b/c.txt": "one", b: "two" });
  #calls = 0;
  readonly checkpoints: Checkpoints;

  constructor(maxBytes = 1e9) {
    const newId = () => `c_${this.#calls++}`;
    const { runtime } = this;
    this.checkpoints = new Checkpoints({ runtime, now: () => 0, newId, maxBytes });
  }

  /** One call, which may leave something running that goes on after it. */
  async call(work: () => Promise<unknown>): Promise<string> {
    const about = { operation: "run_command", client: "test", summary: "Ran" };
    const id = await this.checkpoints.begin(about);
    await work();
    await this.checkpoints.end(id);
    return id;
  }
}

describe("a checkpoint, any changes, and a restore", () => {
  it("equal the start byte for byte, and the undo equals what was before it", async () => {
    const step = fc.record({
      changes: fc.array(change, { maxLength: 6 }),
      later: fc.array(change),
    });
    const steps = fc.array(step, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (calls, which) => {
        const workspace = new Workspace();
        const { runtime, checkpoints } = workspace;
        const taken: { id: string; state: Record<string, string> }[] = [];
        for (const { changes, later } of calls) {
          const state = await everything(runtime);
          const id = await workspace.call(async () => {
            for (const one of changes) await apply(runtime, one);
          });
          const { checkpoints: listed } = await checkpoints.list();
          if (listed.some((checkpoint) => checkpoint.id === id)) taken.push({ id, state });
          // Between two calls the person and programs change files too.
          for (const one of later) await apply(runtime, one);
        }
        const start = taken[which % Math.max(taken.length, 1)];
        if (start === undefined) return;
        const before = await everything(runtime);
        const undo = await workspace.call(() => checkpoints.restore(start.id, undefined));
        expect(await everything(runtime)).toEqual(start.state);
        const { checkpoints: listed } = await checkpoints.list();
        if (!listed.some(({ id }) => id === undo)) {
          expect(before).toEqual(start.state);
          return;
        }
        await workspace.call(() => checkpoints.restore(undo, undefined));
        expect(await everything(runtime)).toEqual(before);
      }),
      { numRuns: RUNS },
    );
  });

  it("equal the start at the named paths, and leave all others", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1 }), name, async (changes, only) => {
        const workspace = new Workspace();
        const { runtime, checkpoints } = workspace;
        const start = await everything(runtime);
        const id = await workspace.call(async () => {
          for (const one of changes) await apply(runtime, one);
        });
        if ((await checkpoints.list()).checkpoints.length === 0) return;
        const changed = await everything(runtime);
        const isWithin = (one: string) => one === only || one.startsWith(`${only}/`);
        const isAbove = (one: string) => only.startsWith(`${one}/`);
        const pick = (state: Record<string, string>, keep: (one: string) => boolean) =>
          Object.fromEntries(Object.entries(state).filter(([one]) => keep(one)));
        const told: { skipped: readonly unknown[] }[] = [];
        await workspace.call(async () => told.push(await checkpoints.restore(id, [only])));
        const restored = await everything(runtime);
        const isOther = (one: string) => !isWithin(one) && !isAbove(one);
        expect(pick(restored, isOther)).toEqual(pick(changed, isOther));
        if (told[0]?.skipped.length === 0) {
          expect(pick(restored, isWithin)).toEqual(pick(start, isWithin));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("never restore anything else than what was, however little room there is", async () => {
    const calls = fc.array(fc.array(change, { maxLength: 4 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: 0, max: 20 }), async (all, maxBytes) => {
        const workspace = new Workspace(maxBytes);
        const { runtime, checkpoints } = workspace;
        const states = new Map<string, Record<string, string>>();
        for (const changes of all) {
          const state = await everything(runtime);
          const id = await workspace.call(async () => {
            for (const one of changes) await apply(runtime, one);
          });
          states.set(id, state);
        }
        for (const { id } of (await checkpoints.list()).checkpoints) {
          const told: { skipped: readonly { path: string }[] }[] = [];
          await workspace.call(async () => told.push(await checkpoints.restore(id, undefined)));
          const { skipped = [] } = told[0] ?? {};
          const isClear = (one: string) => !skipped.some(({ path: left }) => isNear(one, left));
          const clear = (state: Record<string, string>) =>
            Object.entries(state).filter(([one]) => isClear(one));
          expect(clear(await everything(runtime))).toEqual(clear(states.get(id) ?? {}));
        }
      }),
      { numRuns: RUNS },
    );
  });
});
