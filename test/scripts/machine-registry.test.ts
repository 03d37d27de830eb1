import { expect, it } from "vitest";
import { findMachineRegistry } from "#scripts/disco/machine-registry.ts";

it("is where this machine's npm gets packages from", async () => {
  const registry = await findMachineRegistry(new AbortController().signal);
  expect(registry?.url).toMatch(/^https?:\/\/[^@]+\/$/);
});

it("is nowhere when npm does not answer", async () => {
  expect(await findMachineRegistry(AbortSignal.abort())).toBeUndefined();
});
