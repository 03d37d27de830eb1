import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operationNames, toolOperations } from "#protocol/registry.ts";
import { mcpRevisions } from "#worker/mcp/revisions.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";

let rig: EdgeRig;

beforeAll(async () => {
  rig = await EdgeRig.start();
});
afterAll(() => rig.close());

const get = async <Body>(path: string) => {
  const answer = await rig.worker.fetch(path);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Body;
};

describe("what programs read", () => {
  it("lists in /capabilities what runs and nothing else", async () => {
    const told = await get<{ capabilities: string[]; mcp: object; operations: { name: string }[] }>(
      "/capabilities",
    );
    expect(told.capabilities).toEqual([
      "container:status",
      "file:list",
      "file:read",
      "file:search",
      "file:write",
      "file:edit",
      "file:apply",
      "file:manage",
      "checkpoint:list",
      "checkpoint:restore",
      "terminal:execute",
      "terminal:read",
      "terminal:send",
      "terminal:stop",
      "terminal:list",
      "command:list",
      "container:wait",
      ...["status", "clone", "commit", "pull", "push"].map((verb) => `git:${verb}`),
      "container:create",
      "container:list",
      "container:rename",
      "container:delete",
      "file:create",
      "file:delete",
      "terminal:stream",
    ]);
    expect(told.mcp).toEqual({
      revisions: mcpRevisions,
      toolsets: [...new Set(toolOperations.map(({ noun }) => noun))],
    });
    expect(told.operations.map(({ name }) => name)).toEqual(operationNames);
  });

  it.each([
    ["/openapi.json", "/api/v1/files/{container}"],
    ["/openapi-actions.json", "/actions/v1/files/{container}"],
  ])("serves %s with this origin as its server, and answers where it says", async (file, path) => {
    const document = await get<{ servers: { url: string }[]; paths: object }>(file);
    expect(document.servers).toEqual([{ url: rig.worker.url.origin }]);
    expect(Object.keys(document.paths)).toContain(path);
    const answer = await rig.worker.fetch(path.replace("{container}", "current"));
    expect(answer.status).toBe(401);
    await answer.text();
  });
});
