import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { substitutionFor, wasmParts } from "#sandbox/runtime/embedded/npm/model/substitutions.ts";
import { runsHere } from "#sandbox/runtime/embedded/npm/model/platform.ts";
import { NpmBox } from "#test/support/npm-box.ts";
import { NpmRegistry } from "#test/support/npm-registry.ts";

describe("the table of twins", () => {
  it.each([
    ["esbuild", "0.25.1", { name: "esbuild-wasm", range: "0.25.1" }],
    ["rollup", "4.1.0", { name: "@rollup/wasm-node", range: "4.1.0" }],
    ["lightningcss", "1.30.0", { name: "lightningcss-wasm", range: "1.30.0" }],
    ["typescript", "7.0.2", { name: "typescript", range: "~5.9.0" }],
    ["typescript", "7.1.0-beta", { name: "typescript", range: "~5.9.0" }],
    ["typescript", "6.0.3", null],
    ["express", "5.1.0", null],
  ])("has for %s@%s: %o", (name, version, twin) => {
    expect(substitutionFor(name, version)).toEqual(twin);
  });

  it("finds the WebAssembly part beside native ones, unless it is listed", () => {
    const native = { "x-linux-x64-gnu": "1.0.0", "x-darwin-arm64": "1.0.0" };
    expect(wasmParts(native)).toEqual({ "x-wasm32-wasi": "1.0.0" });
    expect(wasmParts({ ...native, "x-wasm32-wasi": "1.0.0" })).toEqual({});
    expect(wasmParts({ "x-darwin-arm64": "1.0.0" })).toEqual({});
  });

  it("knows what runs in a tab", () => {
    const any = { os: [], cpu: [], libc: [] };
    expect(runsHere(any)).toBe(true);
    expect(runsHere({ ...any, os: ["linux"], cpu: ["wasm32"] })).toBe(true);
    expect(runsHere({ ...any, os: ["!win32"] })).toBe(true);
    expect(runsHere({ ...any, os: ["darwin"] })).toBe(false);
    expect(runsHere({ ...any, cpu: ["x64"] })).toBe(false);
    expect(runsHere({ ...any, libc: ["glibc"] })).toBe(false);
  });
});

describe("an install with native packages", () => {
  let registry: NpmRegistry;
  beforeAll(async () => {
    registry = await NpmRegistry.start();
    const native = { optionalDependencies: { "@esbuild/linux-x64": "0.25.1" }, bin: "bin/esbuild" };
    registry.publish({ name: "esbuild", version: "0.25.1", ...native });
    registry.publish({
      name: "@esbuild/linux-x64",
      version: "0.25.1",
      os: ["linux"],
      cpu: ["x64"],
    });
    const wasm = { bin: { esbuild: "bin/esbuild" }, dependencies: { helper: "1" } };
    registry.publish(
      { name: "esbuild-wasm", version: "0.25.1", ...wasm },
      { "bin/esbuild": "#!x" },
    );
    registry.publish({ name: "helper", version: "1.0.0" });
    registry.publish({ name: "typescript", version: "5.9.3" });
    registry.publish({ name: "typescript", version: "7.0.2" });
    const part = { optionalDependencies: { "css-linux-x64-gnu": "1.0.0" } };
    registry.publish({ name: "css", version: "1.0.0", ...part });
    registry.publish({ name: "css-linux-x64-gnu", version: "1.0.0", os: ["linux"], cpu: ["x64"] });
    registry.publish({ name: "css-wasm32-wasi", version: "1.0.0", cpu: ["wasm32"] });
    registry.publish({ name: "needs-x64", version: "1.0.0", cpu: ["x64"] });
  });
  afterAll(() => registry.close());

  it("puts twins on disk, and leaves package.json and lockfile as the project wants them", async () => {
    const box = new NpmBox(registry);
    box.writeJson("package.json", {
      name: "p",
      version: "1.0.0",
      dependencies: { esbuild: "^0.25.0", typescript: "^7.0.0", css: "1.0.0" },
    });
    const ran = await box.npm("install");
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain("esbuild-wasm@0.25.1 stands in for esbuild@0.25.1");
    expect(ran.stderr).toContain("typescript@5.9.3 stands in for typescript@7.0.2");
    expect(box.readJson("node_modules/esbuild/package.json")["name"]).toBe("esbuild-wasm");
    expect(box.readJson("node_modules/typescript/package.json")["version"]).toBe("5.9.3");
    expect(box.has("node_modules/helper/package.json")).toBe(true);
    expect(box.has("node_modules/css-wasm32-wasi/package.json")).toBe(true);
    expect(box.has("node_modules/@esbuild")).toBe(false);
    expect(box.has("node_modules/css-linux-x64-gnu")).toBe(false);
    const lock = box.read("package-lock.json");
    expect(lock).toContain('"node_modules/@esbuild/linux-x64"');
    expect(lock).not.toContain("esbuild-wasm");
    expect(lock).toContain('"version": "7.0.2"');
  });

  it("is the same after the next install, after ci, and to ls", async () => {
    const box = new NpmBox(registry);
    const dependencies = { esbuild: "^0.25.0", typescript: "^7.0.0" };
    box.writeJson("package.json", { name: "p", version: "1.0.0", dependencies });
    await box.npm("install");
    const before = box.layout();
    expect((await box.npm("install")).stdout).toContain("up to date");
    expect((await box.npm("ci")).stdout).toContain("added 3 packages");
    expect(box.layout()).toEqual(before);
    expect(await box.npm("ls")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("typescript@5.9.3"),
    });
  });

  it("refuses a package that is needed and runs in no tab", async () => {
    const box = new NpmBox(registry);
    box.writeJson("package.json", { name: "p", dependencies: { "needs-x64": "1" } });
    const ran = await box.npm("install");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("npm error code EBADPLATFORM");
  });
});
