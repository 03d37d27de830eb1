import { describe, expect, it } from "vitest";
import { toolOperations } from "#protocol/registry.ts";
import { selectedTools, toolsets } from "#worker/mcp/selection.ts";

const select = (query: string, header?: string) =>
  selectedTools(
    new URL(`https://disco.example/mcp${query}`),
    new Headers(header === undefined ? {} : { "X-MCP-Tools": header }),
  );

const namesOf = (wanted: (one: (typeof toolOperations)[number]) => boolean) =>
  toolOperations.filter(wanted).map(({ name }) => name);

describe("the selection of tools", () => {
  it("is everything when nothing is selected", () => {
    expect(select("")).toBeNull();
    expect(select("?readonly=0")).toBeNull();
  });

  it("names toolsets by the nouns of the operations", () => {
    expect(toolsets).toEqual([...new Set(toolOperations.map(({ noun }) => noun))]);
    expect(select("?toolsets=files,%20terminal")).toEqual(
      namesOf(
        ({ name, noun }) => ["files", "terminal"].includes(noun) || name === "container_status",
      ),
    );
  });

  it("takes what changes something away", () => {
    for (const query of ["?readonly", "?readonly=1", "?readonly=true"]) {
      expect(select(query)).toEqual(namesOf(({ hints }) => hints.readOnly));
    }
    expect(select("?toolsets=files&readonly=1")).toEqual(
      namesOf(
        ({ name, noun, hints }) =>
          hints.readOnly && (noun === "files" || name === "container_status"),
      ),
    );
  });

  it("adds single tools, by any of their names, and always has container_status", () => {
    expect(select("", "read_file, terminal_execute")).toEqual(
      namesOf(({ name }) => ["container_status", "read_file", "run_command"].includes(name)),
    );
    expect(select("?toolsets=checkpoints", "read_file")).toEqual(
      namesOf(
        ({ name, noun }) =>
          noun === "checkpoints" || ["container_status", "read_file"].includes(name),
      ),
    );
  });

  it.each([
    ["?toolsets=file", undefined, "`toolsets` wants"],
    ["?readonly=yes", undefined, "`readonly` wants 1, 0"],
    ["", "read_fil", "`X-MCP-Tools` wants"],
  ])("refuses what it does not know: %s %s", (query, header, message) => {
    expect(() => select(query, header)).toThrow(message);
  });
});
