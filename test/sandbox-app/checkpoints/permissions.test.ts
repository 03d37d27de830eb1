import { expect, it } from "vitest";
import { Checkpoints } from "#sandbox/checkpoints/checkpoints.ts";
import { memoryRuntime } from "../ui/support/memory-runtime.ts";

it("writes what the container's user may not write, and where it may not", async () => {
  const memory = memoryRuntime({ "d/fixed": "one", "d/other": "two" });
  const { files, root } = memory;
  await files.chmod(`${root}/d/fixed`, 0o444);
  let nextId = 0;
  const newId = () => `c_${nextId++}`;
  const checkpoints = new Checkpoints({ runtime: memory, now: () => 0, newId });
  const call = { operation: "run_command", client: "t", summary: "Ran" } as const;
  const id = await checkpoints.begin(call);
  await files.chmod(`${root}/d/fixed`, 0o644);
  await files.write(`${root}/d/fixed`, new TextEncoder().encode("changed"));
  await files.chmod(`${root}/d/fixed`, 0o444);
  await files.remove(`${root}/d/other`);
  await files.chmod(`${root}/d`, 0o555);
  await checkpoints.end(id);
  const undo = await checkpoints.begin({ ...call, operation: "restore_checkpoint" });
  await checkpoints.restore(id, undefined);
  await checkpoints.end(undo);
  const { entries } = await files.scan(root, { skip: [] });
  const modes = entries?.map(({ path: name, mode }) => `${name} ${mode.toString(8)}`).toSorted();
  expect(modes).toEqual(["d 755", "d/fixed 444", "d/other 644"]);
  expect(new TextDecoder().decode(await files.read(`${root}/d/fixed`))).toBe("one");
});
