import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { nodeBehaviours } from "#scripts/generate/node-behaviours.ts";

it("keeps docs/node.md as fresh as the differential cases", async () => {
  const written = await readFile(new URL("../../../../../docs/node.md", import.meta.url), "utf8");
  expect(written).toBe(await nodeBehaviours());
});
