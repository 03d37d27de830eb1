import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NpmBox, PROJECT } from "#test/support/npm-box.ts";
import { NpmRegistry } from "#test/support/npm-registry.ts";

let registry: NpmRegistry;
let box: NpmBox;

beforeAll(async () => {
  registry = await NpmRegistry.start();
  registry.publish({ name: "tool", version: "1.0.0", bin: "cli.sh" }, { "cli.sh": "echo old" });
  const script = '#!/bin/sh\necho "tool: $*"; exit 3\n';
  registry.publish({ name: "tool", version: "1.2.0", bin: "cli.sh" }, { "cli.sh": script });
  const creator = '#!/bin/sh\necho "created $*"\n';
  registry.publish({ name: "create-thing", version: "2.0.0", bin: "c.sh" }, { "c.sh": creator });
  registry.publish({ name: "lib", version: "1.0.0" });
  registry.publish({ name: "lib", version: "1.3.0" });
  registry.publish({ name: "lib", version: "2.0.0" });
  registry.publish({ name: "bad", version: "1.0.0" });
  registry.override("/bad/-/bad-1.0.0.tgz", (_request, response) => {
    response.end("something else");
  });
});
beforeEach(() => {
  box = new NpmBox(registry);
});
afterAll(() => registry.close());

function project(fields: object = {}): void {
  box.writeJson("package.json", { name: "p", version: "1.0.0", ...fields });
}

describe("npm install <package>", () => {
  it.each([
    [["lib"], { dependencies: { lib: "^2.0.0" } }],
    [["-D", "lib@1.0.0"], { devDependencies: { lib: "^1.0.0" } }],
    [["-E", "lib@1"], { dependencies: { lib: "1.3.0" } }],
    [["-O", "lib@1.0.0 - 1.3.0"], { optionalDependencies: { lib: "1.0.0 - 1.3.0" } }],
    [["other@npm:lib@1"], { dependencies: { other: "npm:lib@^1.3.0" } }],
  ])("saves %j as %j", async (words, fields) => {
    project();
    expect(await box.npm("install", ...words)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\nadded 1 package in \d+m?s\n$/),
    });
    expect(box.readJson("package.json")).toEqual({ name: "p", version: "1.0.0", ...fields });
  });

  it("starts a project where there is none, and --no-save leaves it alone", async () => {
    await box.npm("install", "lib");
    expect(box.readJson("package.json")).toEqual({ dependencies: { lib: "^2.0.0" } });
    await box.npm("install", "--no-save", "tool");
    expect(box.readJson("package.json")).toEqual({ dependencies: { lib: "^2.0.0" } });
    expect(box.has("node_modules/tool/package.json")).toBe(true);
  });

  it("refuses a tarball that is not what the registry's metadata says", async () => {
    project({ dependencies: { lib: "1.0.0" } });
    await box.npm("install");
    const ran = await box.npm("install", "bad");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /npm error code EINTEGRITY\nnpm error bad@1\.0\.0 integrity checksum failed/,
    );
    expect(box.readJson("package.json")).not.toHaveProperty("dependencies.bad");
    expect(box.has("node_modules/bad")).toBe(false);
  });

  it.each([
    [["install"], 254, /code ENOENT\n.*syscall open/],
    [["install", "none"], 1, /code E404\nnpm error 404 Not Found - GET/],
    [
      ["install", "lib@9"],
      1,
      /code ETARGET\nnpm error notarget No matching version found for lib@9/,
    ],
    [["install", "-g", "lib"], 1, /code EGLOBAL/],
    [["install", "user/repository"], 1, /code EUNSUPPORTEDPROTOCOL/],
    [["publish"], 1, /npm publish is not available/],
    [["run", "x"], 254, /code ENOENT/],
  ])("ends %j with %i and says why", async (words, code, text) => {
    const ran = await box.npm(...words);
    expect(ran.stderr).toMatch(text);
    expect(ran.code).toBe(code);
  });
});

describe("npm uninstall, update, outdated", () => {
  it("keep package.json, lockfile and node_modules in step", async () => {
    project({ dependencies: { lib: "^1.0.0", tool: "1.0.0" } });
    await box.npm("install");
    expect((await box.npm("uninstall", "tool")).stdout).toContain("removed 1 package");
    expect(box.has("node_modules/tool")).toBe(false);
    expect(box.has("node_modules/.bin")).toBe(false);
    expect(box.readJson("package.json")).toMatchObject({ dependencies: { lib: "^1.0.0" } });
    const outdated = await box.npm("outdated");
    expect(outdated.code).toBe(1);
    expect(outdated.stdout).toMatch(/lib\s+1\.3\.0\s+1\.3\.0\s+2\.0\.0\s+node_modules\/lib\s+p/);
  });

  it("say what is out of step, as npm ci does", async () => {
    project({ dependencies: { lib: "^1.0.0" } });
    await box.npm("install");
    project({ dependencies: { lib: "^2.0.0", tool: "1" } });
    const ran = await box.npm("ci");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("Invalid: lock file's lib@1.3.0 does not satisfy lib@^2.0.0");
    expect(ran.stderr).toContain("Missing: tool@1 from lock file");
    expect(box.has("node_modules/lib")).toBe(true);
  });
});

describe("npm run", () => {
  it("runs a script with what comes before and after it, its arguments and environment", async () => {
    const scripts = {
      prego: "echo before",
      go: 'echo "$npm_lifecycle_event $npm_package_name:"',
      postgo: "echo after",
    };
    project({ scripts });
    const ran = await box.npm("run", "go", "--", "a b", "it's");
    expect(ran.stdout).toBe(
      "\n> p@1.0.0 prego\n> echo before\n\nbefore\n" +
        `\n> p@1.0.0 go\n> ${scripts.go} a b it's\n\ngo p: a b it's\n` +
        "\n> p@1.0.0 postgo\n> echo after\n\nafter\n",
    );
    expect(ran.code).toBe(0);
  });

  it("ends as the script ends, and stops there", async () => {
    project({ scripts: { test: "exit 7", posttest: "echo never" } });
    expect(await box.npm("test", "--silent")).toMatchObject({ code: 7, stdout: "", stderr: "" });
  });

  it("finds the programs of dependencies", async () => {
    project({ dependencies: { tool: "1" }, scripts: { go: "tool x" } });
    await box.npm("install");
    const ran = await box.npm("run", "go", "-s");
    expect(ran).toMatchObject({ code: 3, stdout: "tool: x\n" });
  });

  it("lists scripts, and names one that is missing", async () => {
    project({ scripts: { test: "t", go: "g" } });
    expect((await box.npm("run")).stdout).toContain("available via `npm run`:\n  go\n    g\n");
    const ran = await box.npm("run", "nope");
    expect(ran.stderr).toContain('npm error Missing script: "nope"');
    expect(ran.code).toBe(1);
  });
});

describe("npx and npm init", () => {
  it("fetches a program, hands its arguments on, and ends as it ends", async () => {
    expect(await box.npx("tool", "--flag", "a b")).toMatchObject({
      code: 3,
      stdout: "tool: --flag a b\n",
    });
    expect(box.has("node_modules")).toBe(false);
  });

  it("prefers the project's own program", async () => {
    project({ dependencies: { tool: "1.0.0" } });
    await box.npm("install");
    expect((await box.npx("tool")).stdout).toBe("old\n");
    expect((await box.npx("tool@1.2.0")).stdout).toBe("tool: \n");
  });

  it("creates by a package of that name", async () => {
    const ran = await box.npm("create", "thing@latest", "app", "--", "--template", "x");
    expect(ran.stdout).toBe("created app --template x\n");
  });

  it("writes a package.json", async () => {
    expect((await box.npm("init", "-y")).stdout).toContain(`Wrote to ${PROJECT}/package.json:`);
    expect(box.readJson("package.json")).toMatchObject({ name: "workspace", type: "commonjs" });
  });
});

it("answers what is asked about a project", async () => {
  project({ dependencies: { lib: "^1.0.0" } });
  await box.npm("install");
  expect((await box.npm("ls")).stdout).toBe(`p@1.0.0 ${PROJECT}\n└── lib@1.3.0\n\n`);
  expect(JSON.parse((await box.npm("ls", "--json")).stdout)).toMatchObject({
    dependencies: { lib: { version: "1.3.0" } },
  });
  expect((await box.npm("root")).stdout).toBe(`${PROJECT}/node_modules\n`);
  expect((await box.npm("view", "lib", "version")).stdout).toBe("2.0.0\n");
  expect((await box.npm("config", "get", "registry")).stdout).toBe(`${registry.url}\n`);
  expect((await box.npm("-v")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  await box.npm("pkg", "set", "scripts.go=echo hi");
  expect((await box.npm("pkg", "get", "scripts.go")).stdout).toBe('"echo hi"\n');
  expect((await box.npm("pack")).stdout).toBe("p-1.0.0.tgz\n");
  expect(box.has("p-1.0.0.tgz")).toBe(true);
  expect((await box.npm("nonsense")).code).toBe(1);
});
