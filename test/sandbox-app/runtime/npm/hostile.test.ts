import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NpmBox, PROJECT } from "#test/support/npm-box.ts";
import { NpmRegistry } from "#test/support/npm-registry.ts";

let registry: NpmRegistry;
let box: NpmBox;

/** What a published package may call a dependency, to have it written elsewhere. */
const NAMES = [
  "../../stolen",
  "../src",
  "..",
  ".",
  ".bin",
  "/src",
  "a/../../src",
  "@a/../../../src",
  "@a/..",
  "node_modules",
  "node_modules/../../src",
];

beforeAll(async () => {
  registry = await NpmRegistry.start();
  registry.publish({ name: "payload", version: "1.0.0" }, { "own.js": "theirs" });
  for (const [index, name] of NAMES.entries()) {
    const dependencies = { [name]: "npm:payload@1.0.0" };
    registry.publish({ name: `by-name-${index}`, version: "1.0.0", dependencies });
  }
  const bin = { "..": "x.js", ".": "x.js", "../../../src/own.js": "x.js", "x/..": "x.js" };
  registry.publish({ name: "by-program", version: "1.0.0", bin }, { "x.js": "theirs" });
});
beforeEach(() => {
  box = new NpmBox(registry);
  box.kernel.write(`${PROJECT}/src/own.js`, "mine");
  box.writeJson("package.json", { name: "p", version: "1.0.0" });
});
afterAll(() => registry.close());

/** Files of the person's that are not in node_modules. */
function own(directory = "/home"): string[] {
  const found: string[] = [];
  for (const { name, type } of box.kernel.files.list(directory)) {
    const path = `${directory}/${name}`;
    if (path === `${PROJECT}/node_modules`) continue;
    found.push(...(type === "directory" ? own(path) : [path]));
  }
  return found;
}

describe("a published package", () => {
  it.each(NAMES.map((name, index) => [name, index] as const))(
    "whose dependency is called %j is refused, and nothing is written",
    async (name, index) => {
      const before = own();
      const ran = await box.npm("install", "--no-save", `by-name-${index}`);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain("EINVALIDPACKAGENAME");
      expect(ran.stderr).toContain(JSON.stringify(name));
      expect(own()).toEqual(before);
      expect(box.read("src/own.js")).toBe("mine");
      expect(box.layout()).toEqual({});
    },
  );

  it("whose programs are called like directories links them nowhere but in .bin", async () => {
    const ran = await box.npm("install", "--no-save", "by-program");
    expect(ran.code).toBe(0);
    expect(box.read("src/own.js")).toBe("mine");
    const links = Object.entries(box.layout()).filter(([, what]) => what.startsWith("->"));
    expect(links).toEqual([["node_modules/.bin/own.js", "-> ../by-program/x.js"]]);
  });
});
