import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatLockfile } from "#sandbox/runtime/embedded/npm/lock/format.ts";
import { emptyTree, loadTree } from "#sandbox/runtime/embedded/npm/lock/load-tree.ts";
import { parseLockfile } from "#sandbox/runtime/embedded/npm/lock/lockfile.ts";
import { type Manifest, parseManifest } from "#sandbox/runtime/embedded/npm/model/manifest.ts";
import { buildTree } from "#sandbox/runtime/embedded/npm/tree/build.ts";
import { reachable } from "#sandbox/runtime/embedded/npm/tree/flags.ts";
import { isValid } from "#sandbox/runtime/embedded/npm/tree/node.ts";
import type { Tree } from "#sandbox/runtime/embedded/npm/tree/tree.ts";
import { MemorySource } from "./memory-source.ts";

const strict = { legacyPeers: false, force: false };

async function build(
  dependencies: Record<string, string>,
  source: MemorySource,
  fields: object = {},
): Promise<{ tree: Tree; manifest: Manifest; warnings: string[] }> {
  const manifest = parseManifest({ name: "p", version: "1.0.0", dependencies, ...fields });
  const tree = emptyTree({ manifest, workspaces: new Map() });
  return { tree, manifest, warnings: await buildTree(tree, source, strict) };
}

function places(tree: Tree): string[] {
  return tree.all().map((node) => `${node.location} ${node.manifest.version}`);
}

/**
 * Registries of a few names in a few versions that ask for each other at random. Whoever asks back
 * takes any version: else two could ask for each other's other version, which has no end.
 */
const names = ["a", "b", "c", "d", "e"];
const ranges = ["^1.0.0", "^2.0.0", "*", "1.0.0", "2.0.0", ">=1"];
const wishes = fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...ranges), { maxKeys: 4 });
const registry = fc.tuple(...names.flatMap(() => [wishes, wishes, wishes])).map((all) =>
  names.flatMap((name, index) =>
    ["1.0.0", "1.1.0", "2.0.0"].map((version, at) => ({
      name,
      version,
      dependencies: Object.fromEntries(
        Object.entries(all[index * 3 + at] ?? {}).map(([to, range]) => [
          to,
          names.indexOf(to) > index ? range : "*",
        ]),
      ),
    })),
  ),
);

describe("buildTree", () => {
  it("meets every dependency from where it is asked for, the same way each time", async () => {
    await fc.assert(
      fc.asyncProperty(registry, wishes, async (manifests, dependencies) => {
        const { tree } = await build(dependencies, new MemorySource(manifests));
        for (const node of [tree.root, ...tree.all()]) {
          for (const edge of node.edges)
            expect(isValid(edge), `${node.location} ${edge.name}`).toBe(true);
        }
        const again = await build(dependencies, new MemorySource(manifests.toReversed()));
        expect(places(again.tree)).toEqual(places(tree));
      }),
      { numRuns: 150 },
    );
  });

  it("comes back from its lockfile as it was", async () => {
    await fc.assert(
      fc.asyncProperty(registry, wishes, async (manifests, dependencies) => {
        const { tree, manifest } = await build(dependencies, new MemorySource(manifests));
        // As an installation does: a later package may have made an earlier one needless.
        const needed = reachable(tree, []);
        tree.retain((node) => needed.has(node));
        const text = formatLockfile(tree, "  ");
        const loaded = loadTree({ manifest, workspaces: new Map() }, parseLockfile(text)!);
        expect(formatLockfile(loaded, "  ")).toBe(text);
        expect(await buildTree(loaded, new MemorySource([]), strict)).toEqual([]);
        expect(places(loaded)).toEqual(places(tree));
      }),
      { numRuns: 100 },
    );
  });

  it("refuses packages that would nest for ever", async () => {
    const source = new MemorySource([
      { name: "a", version: "1.0.0", dependencies: { a: "2" } } as never,
      { name: "a", version: "2.0.0", dependencies: { a: "1" } } as never,
    ]);
    await expect(build({ a: "1" }, source)).rejects.toMatchObject({ code: "ERESOLVE" });
  });

  it("refuses peers of the project that exclude each other, and says which", async () => {
    const source = new MemorySource([
      { name: "ui", version: "1.0.0", peerDependencies: { core: "^18.0.0" } } as never,
      { name: "core", version: "17.0.0" },
      { name: "core", version: "18.0.0" },
    ]);
    const failed = build({ ui: "1", core: "^17.0.0" }, source);
    await expect(failed).rejects.toMatchObject({
      code: "ERESOLVE",
      lines: expect.arrayContaining(['peer core@"^18.0.0" from ui@1.0.0']),
    });
  });

  it("tells of such peers inside a dependency, and goes on", async () => {
    const source = new MemorySource([
      {
        name: "tool",
        version: "1.0.0",
        dependencies: { ui: "1", core: "^17.0.0" },
      } as never,
      { name: "ui", version: "1.0.0", peerDependencies: { core: "^18.0.0" } } as never,
      { name: "core", version: "17.0.0" },
      { name: "core", version: "18.0.0" },
    ]);
    const { tree, warnings } = await build({ tool: "1" }, source);
    expect(warnings[0]).toBe("ERESOLVE overriding peer dependency");
    expect(places(tree)).toContain("node_modules/ui 1.0.0");
  });

  it.each([
    ["git+ssh://git@example.com/a/b.git", "EUNSUPPORTEDPROTOCOL"],
    ["someone/something", "EUNSUPPORTEDPROTOCOL"],
    ["https://example.com/a.tgz", "EUNSUPPORTEDPROTOCOL"],
    ["^9.0.0", "ETARGET"],
    ["nightly", "ETARGET"],
  ])("says clearly that it cannot have %s", async (raw, code) => {
    const source = new MemorySource([{ name: "a", version: "1.0.0" }]);
    await expect(build({ a: raw }, source)).rejects.toMatchObject({ code });
  });

  it("does without an optional dependency that does not exist", async () => {
    const fields = { optionalDependencies: { none: "1" } };
    const { tree } = await build({}, new MemorySource([]), fields);
    expect(places(tree)).toEqual([]);
  });
});
