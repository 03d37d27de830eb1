import { describe, expect, it } from "vitest";
import { formatReadyLine, parseReadyLine } from "#scripts/disco/ready-line.ts";

const ready = {
  origin: "http://localhost:1",
  mcp: "http://localhost:1/mcp",
  api: "http://localhost:1/api/v1",
  token: "t",
  container: "c",
  sandboxUrl: "http://disco.localhost:1/sandbox#claim=x",
};

describe("the ready line", () => {
  it("is one line that starts with DISCO READY and goes on with JSON", () => {
    const line = formatReadyLine(ready);
    expect(line).toBe(`DISCO READY ${JSON.stringify(ready)}`);
    expect(line).not.toContain("\n");
  });

  it("is read back as it was written", () => {
    expect(parseReadyLine(formatReadyLine(ready))).toEqual(ready);
  });

  it("is not confused with other lines", () => {
    expect(parseReadyLine("disco: building the page …")).toBeUndefined();
  });

  it("is refused when a value is missing", () => {
    expect(() => parseReadyLine('DISCO READY {"origin":"x"}')).toThrow(/token/);
  });
});
