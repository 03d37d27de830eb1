import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rewriteUrls } from "#worker/registry/rewrite-urls.ts";

const registry = "https://npm.example/base/";
const own = "https://runtime.example/registry/";

async function rewrite(text: string, cuts: readonly number[] = []): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
  edges.sort((a, b) => a - b);
  const chunks = edges.slice(1).map((edge, index) => bytes.slice(edges[index], edge));
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const stream = source.pipeThrough(rewriteUrls(registry, own));
  return new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).text();
}

describe("rewriteUrls", () => {
  it("turns strings that begin with the registry's base", async () => {
    const text = `{"tarball":"${registry}a/-/a-1.tgz","b": "${registry}b"}`;
    expect(await rewrite(text)).toBe(`{"tarball":"${own}a/-/a-1.tgz","b": "${own}b"}`);
  });

  it("knows the other spelling of a slash", async () => {
    const text = `["${`${registry}a`.replaceAll("/", "\\/")}"]`;
    expect(JSON.parse(await rewrite(text))).toEqual([`${own}a`]);
  });

  it("leaves other hosts, other bases and the middle of strings alone", async () => {
    const text = JSON.stringify([
      "https://npm.example.evil/base/a",
      "https://npm.example/other/a",
      `see ${registry}a`,
      "héllo ✓",
    ]);
    expect(await rewrite(text)).toBe(text);
  });

  it("does the same wherever the chunks are cut", async () => {
    const text = JSON.stringify([registry, `${registry}a`, "ü✓", "https://npm", `${registry}é`]);
    const whole = await rewrite(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 8 }), async (cuts) => {
        expect(await rewrite(text, cuts)).toBe(whole);
      }),
    );
  });
});
