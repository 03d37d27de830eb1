import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { jsonSchemasOf } from "#protocol/json-schema.ts";
import { findOperation, toolOperations } from "#protocol/registry.ts";
import { failure } from "#test/support/face-errors.ts";
import { TabRig } from "#test/support/tab-rig.ts";
import { ToolStage } from "#test/support/tool-stage.ts";
import type { Fails, ToolName, ToolRow, Works } from "./tool-rows/row.ts";
import { toolRows } from "./tool-rows/rows.ts";

/*
 * Every tool as a client sees it: what it is for, where its use ends, what is refused, what is too
 * large, cancelled, and without a page. The rows are in tool-rows/; the suite is made of the registry.
 */

type Args = Record<string, unknown>;

/** Longer texts would take a test seconds; the rows try what is about bytes. */
const LENGTH_TRIED_MAX = 200_000;

/** Whoever went away is missed within seconds, and a handler then has two to stop. */
const LONG = { timeout: 20_000 };

const toolNames = toolOperations.map(({ name }) => name as ToolName);

let rig: TabRig;
let stage: ToolStage;

beforeAll(async () => {
  rig = await TabRig.start();
});
beforeEach(async () => {
  stage = await ToolStage.open(rig);
});
afterEach(async () => {
  await stage.close();
  await rig.closeTabs();
});
afterAll(() => rig.close());

/** The row, without the types of its operation's arguments. */
function rowOf(name: ToolName): ToolRow<Args> {
  return toolRows[name] as ToolRow<unknown> as ToolRow<Args>;
}

async function argsOf(args: Works<Args>["args"]): Promise<Args> {
  return typeof args === "function" ? args(stage) : args;
}

async function outputOf(name: ToolName, { args }: Works<Args>): Promise<Args> {
  return stage.call(name, await argsOf(args));
}

async function refusalOf(name: ToolName, { args }: Fails<Args>) {
  return stage.failure(name, await argsOf(args));
}

/** What a refusal has to say. */
function refused({ code, says = "" }: Fails<Args>) {
  return { ...failure(code), text: expect.stringContaining(says) as string };
}

/** A value that no argument of this kind takes. */
function wrongFor(schema: Record<string, unknown>): unknown {
  return schema["type"] === "object" ? 5 : { wrong: true };
}

/** One more than the schema allows; undefined where it sets no bound that is worth a try. */
function aboveBound(schema: Record<string, unknown>): unknown {
  const { maximum, maxLength, maxItems } = schema as Record<string, number | undefined>;
  if (maximum !== undefined) return maximum + 1;
  if (maxLength !== undefined && maxLength < LENGTH_TRIED_MAX) return "x".repeat(maxLength + 1);
  return maxItems === undefined ? undefined : Array.from({ length: maxItems + 1 }, () => "x");
}

it("there is a row for each tool, and for nothing else", () => {
  expect(Object.keys(toolRows).toSorted()).toEqual(toolNames.toSorted());
});

describe.each(toolNames)("the tool %s", (name) => {
  const row = rowOf(name);
  const { properties, required = [] } = jsonSchemasOf(findOperation(name)!).input;

  it("does what it is for", async () => {
    expect(await outputOf(name, row.happy)).toMatchObject(row.happy.gives);
    await row.happy.after?.(stage);
  });

  it.each(Object.keys(row.edge))("is right at the edge of its use: %s", async (title) => {
    const edge = row.edge[title]!;
    if ("code" in edge) {
      expect(await refusalOf(name, edge)).toMatchObject(refused(edge));
    } else {
      expect(await outputOf(name, edge)).toMatchObject(edge.gives);
      await edge.after?.(stage);
    }
  });

  it("refuses arguments that are none of its own, of another type, missing or above a bound", async () => {
    const named = Object.entries(properties);
    const wrong = named.map(([argument, schema]) => [argument, wrongFor(schema)] as const);
    const above = named
      .map(([argument, schema]) => [argument, aboveBound(schema)] as const)
      .filter(([, value]) => value !== undefined);
    for (const given of [[["nonsense", 1] as const], wrong, above, []]) {
      const args = Object.fromEntries(given);
      const about = given.length === 0 ? required : Object.keys(args);
      if (about.length === 0) continue;
      const seen = await stage.failure(name, args);
      expect(seen).toMatchObject(failure("invalid_input"));
      for (const argument of about) expect(seen.text).toContain(`\`${argument}`);
    }
  });

  const { tooLarge } = row;
  const isBounded = typeof tooLarge !== "string";
  it(`refuses what is not there, and what is too large${isBounded ? "" : `: ${tooLarge}`}`, async () => {
    expect(await refusalOf(name, row.bad)).toMatchObject(refused(row.bad));
    if (isBounded) expect(await refusalOf(name, tooLarge)).toMatchObject(refused(tooLarge));
    else expect(Object.keys(properties)).toEqual([]);
  });
});

/** All tools at once: each of them takes seconds, and they do not wait for each other. */
describe("every tool", () => {
  const inTab = toolNames.filter((name) => findOperation(name)?.runs === "tab");
  it("ends when it is cancelled, has no effect then, and works again [CALL-9]", async () => {
    const given = new Map<ToolName, Args>();
    for (const name of toolNames) {
      const { cancelled, happy } = rowOf(name);
      given.set(name, await argsOf(cancelled ?? happy.args));
    }
    const before = await stage.everything();
    const ranBefore = new Set(stage.ends().keys());
    stage.gate.shut();
    const abort = new AbortController();
    const calls = [...given].map(async ([name, args]) => {
      const call = stage.client.callTool({ name, arguments: args }, { signal: abort.signal });
      return [
        name,
        await call.then(
          () => "answered",
          () => "rejected",
        ),
      ] as const;
    });
    const ended = Promise.all(calls);
    const cancelled = (): Record<string, string | null> => {
      const calling = [...stage.ends()].filter(([call]) => !ranBefore.has(call));
      return Object.fromEntries(calling.map(([, { operation, end }]) => [operation, end]));
    };
    const all = (end: string | null) => Object.fromEntries(inTab.map((name) => [name, end]));
    // What the edge answers itself, the page is not told of.
    await expect.poll(cancelled, LONG).toMatchObject(all(null));
    abort.abort();
    // The edge answers without the page when that does not answer soon.
    const rejected = Object.fromEntries(inTab.map((name) => [name, "rejected"]));
    expect(Object.fromEntries(await ended)).toMatchObject(rejected);
    await expect.poll(cancelled, LONG).toMatchObject(all("cancelled"));
    stage.gate.open();
    const on = await stage.call("run_command", { command: "echo on" });
    expect(on).toMatchObject({ stdout: "on\n" });
    expect(await stage.everything()).toEqual(before);
  }, 60_000);

  it("says soon that no page is open, and where to open it [END-5]", async () => {
    const given = new Map<ToolName, Args>();
    for (const name of toolNames) given.set(name, await argsOf(rowOf(name).happy.args));
    await rig.closeTabs();
    await expect.poll(() => stage.call("container_status", {})).toMatchObject({ attached: false });
    const open_url = `${rig.edge.page}/sandbox`;
    const closed = failure("tab_not_attached", { details: { open_url } });
    const said = [...given].map(async ([name, args]) => {
      const { tabGone } = rowOf(name);
      if (tabGone !== undefined) {
        expect(await outputOf(name, tabGone)).toMatchObject(tabGone.gives);
      } else {
        expect([name, await stage.failure(name, args)]).toMatchObject([name, closed]);
      }
    });
    await Promise.all(said);
  });
});
