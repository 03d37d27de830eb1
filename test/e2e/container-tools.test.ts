import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ContainerShell, expectRegistry } from "#test/support/container-shell.ts";
import { type TestDisco, startTestDisco } from "#test/support/disco-process.ts";

let running: TestDisco;
let shell: ContainerShell;

beforeAll(async () => {
  await expectRegistry();
  running = await startTestDisco();
  shell = await ContainerShell.connect(running.disco.ready);
});
afterAll(async () => {
  await shell?.close();
  await running?.stop();
});

/** What the same two tests look like to a runner: one that passes and one that fails. */
interface Runner {
  readonly name: string;
  /** What has to be installed. */
  readonly packages: string;
  /** A test that compares 1 + 1 with this number. */
  readonly program: (expected: number) => string;
  readonly file: string;
  readonly command: string;
  /** In the output when it passes, and when it fails. */
  readonly passed: RegExp;
  readonly failed: RegExp;
}

const runners: Runner[] = [
  {
    name: "node --test",
    packages: "",
    program: (expected) =>
      `import { test } from "node:test"; import assert from "node:assert";
       test("adds", () => assert.equal(1 + 1, ${expected}));`,
    file: "sum.test.mjs",
    command: "node --test",
    passed: /✔ adds.*ℹ pass 1\nℹ fail 0/s,
    failed: /✖ adds.*ℹ pass 0\nℹ fail 1.*2 == 3/s,
  },
  {
    name: "mocha",
    packages: "mocha",
    program: (expected) =>
      `const assert = require("node:assert");
       describe("sums", () => it("adds", async () => assert.equal(1 + 1, ${expected})));`,
    file: "test/sum.js",
    command: "npx mocha",
    passed: /✔ adds\n.*1 passing/s,
    failed: /0 passing.*1 failing.*AssertionError/s,
  },
  {
    name: "tape",
    packages: "tape",
    program: (expected) =>
      `const test = require("tape");
       test("sums", (t) => {
         t.plan(1);
         setTimeout(() => t.equal(1 + 1, ${expected}, "adds"), 5);
       });`,
    file: "sum.js",
    command: "npx tape sum.js",
    passed: /^TAP version 13\n# sums\nok 1 adds\n.*# pass {2}1/s,
    failed: /^TAP version 13\n# sums\nnot ok 1 adds\n.*# fail {2}1/s,
  },
  {
    name: "uvu",
    packages: "uvu",
    program: (expected) =>
      `const { test } = require("uvu"); const assert = require("uvu/assert");
       test("adds", () => assert.is(1 + 1, ${expected}));
       test.run();`,
    file: "tests/sum.js",
    command: "npx uvu tests",
    passed: /sum\.js.*Total: {5}1\n {2}Passed: {4}1/s,
    failed: /FAIL.*"adds".*Total: {5}1\n {2}Passed: {4}0/s,
  },
];

describe.each(runners)("$name", (runner) => {
  it("tells by output and exit code what passed and what failed", async () => {
    const folder = await shell.emptyFolder(`with-${runner.name.replaceAll(/\W+/g, "-")}`);
    if (runner.packages !== "") {
      await folder.succeed(`npm init -y && npm install --save-dev ${runner.packages}`);
    }
    for (const [expected, exitCode, output] of [
      [2, 0, runner.passed],
      [3, 1, runner.failed],
    ] as const) {
      await folder.write(runner.file, runner.program(expected));
      const ran = await folder.run(runner.command);
      // Some colour what they print even where nobody sees it.
      expect(stripVTControlCharacters(ran.stdout + ran.stderr)).toMatch(output);
      expect(ran.exit_code).toBe(exitCode);
    }
  });
});

describe("tsc 5.9", () => {
  let project: ContainerShell;

  beforeAll(async () => {
    project = await shell.emptyFolder("typed");
    await project.succeed("npm init -y && npm pkg set type=module && npm install typescript@5.9");
    const compilerOptions = {
      strict: true,
      module: "nodenext",
      lib: ["es2024"],
      types: [],
      rootDir: "src",
      outDir: "dist",
    };
    await project.write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["src"] }));
    await project.write(
      "src/sum.ts",
      "export const sum = (a: number, b: number): number => a + b;\n",
    );
  });

  it("finds the error of a project", async () => {
    await project.write(
      "src/main.ts",
      'import { sum } from "./sum.js";\nexport const text: string = sum(1, 2);\n',
    );
    expect((await project.succeed("npm ls")).stdout).toMatch(/^└── typescript@5\.9\./m);
    expect(await project.run("npx tsc")).toMatchObject({
      stdout:
        "src/main.ts(2,14): error TS2322: Type 'number' is not assignable to type 'string'.\n",
      exit_code: 2,
    });
  });

  it("compiles what is right, and it runs", async () => {
    await project.write(
      "src/main.ts",
      'import { sum } from "./sum.js";\nexport const text: string = String(sum(1, 2));\n',
    );
    await project.write("show.js", 'import { text } from "./dist/main.js";\nconsole.log(text);\n');
    expect((await project.succeed("npx tsc && node show.js")).stdout).toBe("3\n");
  });
});
