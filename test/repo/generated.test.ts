import { describe, expect, it } from "vitest";
import { buildActions } from "#openapi/actions.ts";
import { buildOpenApi } from "#openapi/document.ts";
import { fillTables } from "#scripts/generate/readme.ts";
import { readText } from "#test/support/repository.ts";

const howTo = "run `npm run generate`";

describe("generated files", () => {
  it("openapi/openapi.json is what the registry says", () => {
    const fresh = JSON.parse(JSON.stringify(buildOpenApi())) as unknown;
    expect(JSON.parse(readText("openapi/openapi.json")), howTo).toEqual(fresh);
  });

  it("openapi/openapi-actions.json is what the registry says", () => {
    const fresh = JSON.parse(JSON.stringify(buildActions())) as unknown;
    expect(JSON.parse(readText("openapi/openapi-actions.json")), howTo).toEqual(fresh);
  });

  it("the README's tables are what the registry says", () => {
    const readme = readText("README.md");
    expect(readme, howTo).toBe(fillTables(readme));
  });
});
