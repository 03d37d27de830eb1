import { afterAll, describe, expect, it } from "vitest";
import { NodeContainer } from "#test/support/node-container.ts";

interface Refusal {
  readonly missing: string;
  readonly programs: readonly { readonly source: string; readonly error: string }[];
}

const files = import.meta.glob<readonly Refusal[]>("./refusals.json", {
  import: "default",
  eager: true,
});

const container = new NodeContainer();
afterAll(() => container.dispose());

// docs/node.md is generated from the same rows: each stands there because its programs fail as told here.
describe("What a tab cannot do fails at once and says so", () => {
  for (const { missing, programs } of Object.values(files).flat()) {
    it(`refuses ${missing}`, async () => {
      for (const { source, error } of programs) {
        const ran = await container.run(["node", "-e", source]);
        expect(ran.stderr, source).toContain(error);
        expect(ran.code, source).toBe(1);
      }
    });
  }
});
