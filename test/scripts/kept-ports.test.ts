import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepPorts, readKeptPorts } from "#scripts/disco/kept-ports.ts";
import { chooseAddress } from "#scripts/disco/ports.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "disco-ports-"));
});
afterEach(() => rm(directory, { recursive: true }));

describe("the ports of a state directory", () => {
  it("are those of its first start", async () => {
    expect(await readKeptPorts(directory)).toEqual({});
    await keepPorts(directory, {}, { port: 4_001 });
    await keepPorts(directory, await readKeptPorts(directory), { port: 4_002, second: 4_003 });
    expect(await readKeptPorts(directory)).toEqual({ port: 4_001, second: 4_003 });
  });

  it.each(["", "{", '{"port":"80"}', '{"port":0}'])(
    "are chosen anew when they read %j",
    async (text) => {
      await writeFile(path.join(directory, "ports.json"), text);
      expect(await readKeptPorts(directory)).toEqual({});
    },
  );

  it("come first where the choice is free, and not where a port is named", async () => {
    const { port: kept } = await chooseAddress(0);
    const { port: named } = await chooseAddress(0);
    expect(await chooseAddress(0, kept)).toMatchObject({ port: kept });
    expect(await chooseAddress(undefined, kept)).toMatchObject({ port: kept });
    expect(await chooseAddress(named, kept)).toMatchObject({ port: named });
  });
});
