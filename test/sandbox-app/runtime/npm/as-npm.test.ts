import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NpmBox } from "#test/support/npm-box.ts";
import { NpmRegistry } from "#test/support/npm-registry.ts";
import { RealNpm } from "#test/support/real-npm.ts";
import { graphs } from "./graphs.ts";

let registry: NpmRegistry;
let real: RealNpm | undefined;

beforeAll(async () => {
  registry = await NpmRegistry.start();
  for (const graph of graphs)
    for (const publication of graph.publish) registry.publish(publication);
});
afterEach(async () => {
  await real?.close();
  real = undefined;
});
afterAll(() => registry.close());

describe.each(graphs)("with $name", ({ project, files = {} }) => {
  it("writes the lockfile and the node_modules that npm writes", async () => {
    real = await RealNpm.open(registry.url);
    const box = new NpmBox(registry);
    for (const [path, json] of Object.entries({ "package.json": project, ...files })) {
      box.writeJson(path, json);
      await real.write(path, `${JSON.stringify(json, null, 2)}\n`);
    }
    const [ours, theirs] = [await box.npm("install"), await real.run("install")];
    expect([theirs.code, theirs.output]).toEqual([0, expect.any(String)]);
    expect([ours.code, ours.stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(box.read("package-lock.json")).toBe(await real.read("package-lock.json"));
    expect(box.layout()).toEqual(await real.layout());
  });

  it("writes a lockfile that npm ci takes, and takes npm's", async () => {
    real = await RealNpm.open(registry.url);
    const box = new NpmBox(registry);
    for (const [path, json] of Object.entries({ "package.json": project, ...files })) {
      box.writeJson(path, json);
      await real.write(path, `${JSON.stringify(json, null, 2)}\n`);
    }
    await box.npm("install");
    await real.write("package-lock.json", box.read("package-lock.json"));
    expect(await real.run("ci")).toMatchObject({ code: 0 });
    const installed = box.layout();
    expect(await real.layout()).toEqual(installed);
    box.kernel.write(
      "/home/user/workspace/package-lock.json",
      await real.read("package-lock.json"),
    );
    expect(await box.npm("ci")).toMatchObject({ code: 0 });
    expect(box.layout()).toEqual(installed);
  });
});
