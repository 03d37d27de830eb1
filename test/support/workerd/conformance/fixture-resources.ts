import { type ReadResourceResult, ResourceNotFoundError } from "@modelcontextprotocol/server";
import { PNG } from "./content.ts";

export const fixtureResources = [
  {
    uri: "test://static-text",
    name: "Static text",
    description: "Always the same text.",
    mimeType: "text/plain",
  },
  {
    uri: "test://static-binary",
    name: "Static image",
    description: "Always the same image.",
    mimeType: "image/png",
  },
  {
    uri: "test://watched-resource",
    name: "Watched resource",
    description: "One to subscribe to.",
    mimeType: "text/plain",
  },
];

export const fixtureTemplates = [
  {
    uriTemplate: "test://template/{id}/data",
    name: "Template",
    description: "Repeats the id.",
    mimeType: "application/json",
  },
];

/** @throws ResourceNotFoundError */
export function readFixture(uri: string): ReadResourceResult {
  const contents = (more: { text: string } | { blob: string }, mimeType = "text/plain") => ({
    contents: [{ uri, mimeType, ...more }],
  });
  if (uri === "test://static-text") {
    return contents({ text: "This is the content of the static text resource." });
  }
  if (uri === "test://static-binary") return contents({ blob: PNG }, "image/png");
  if (uri === "test://watched-resource") return contents({ text: "Watched." });
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id === undefined) throw new ResourceNotFoundError(uri, "Resource not found");
  const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
  return contents({ text }, "application/json");
}
