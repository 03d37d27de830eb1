import { describe, expect, it } from "vitest";
import type { OperationObject, ResponseObject } from "openapi3-ts/oas31";
import { buildActions } from "#openapi/actions.ts";
import { buildOpenApi } from "#openapi/document.ts";

const { paths = {} } = buildOpenApi();
const stream = paths["/api/v1/terminal/{container}/stream"]?.get as OperationObject;
const execute = paths["/api/v1/terminal/{container}/execute"]?.post as OperationObject;
const contentOf = ({ responses }: OperationObject, status: number) =>
  (responses?.[status] as ResponseObject | undefined)?.content;

describe("answers that are streams of events", () => {
  it("are told with their type, and with what goes on after a cut", () => {
    expect(stream.operationId).toBe("stream_output");
    expect(Object.keys(contentOf(stream, 200) ?? {})).toEqual(["text/event-stream"]);
    expect(stream.responses?.["204"]).toBeDefined();
    const names = stream.parameters?.map((one) => ("name" in one ? `${one.in} ${one.name}` : ""));
    expect(names).toEqual([
      "path container",
      "query process_id",
      "query cursor",
      "header Last-Event-ID",
    ]);
    expect(stream.responses?.["404"]).toBeDefined();
  });

  it("stand beside the JSON that the same route answers without asking for events", () => {
    const types = ["application/json", "text/event-stream"];
    expect(Object.keys(contentOf(execute, 200) ?? {})).toEqual(types);
  });

  it("have an example that is a stream", () => {
    const example = String(contentOf(stream, 200)?.["text/event-stream"]?.example);
    const events = example.split("\n\n").filter((event) => event !== "");
    expect(events).toHaveLength(3);
    for (const event of events) {
      const [, id, data = ""] = /^id: (\S+)\nevent: \w+\ndata: (.+)$/.exec(event) ?? [];
      expect(id).toMatch(/^\d+(\.end)?$/);
      expect(JSON.parse(data)).toBeTypeOf("object");
    }
  });

  it("are none of a GPT's", () => {
    expect(JSON.stringify(buildActions())).not.toContain("event-stream");
  });
});
