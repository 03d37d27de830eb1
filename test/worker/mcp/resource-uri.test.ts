import { describe, expect, it } from "vitest";
import { logUri, parseResourceUri } from "#worker/mcp/resource-uri.ts";

describe("the URI of a file", () => {
  it.each([
    ["disco://container/c_1/file/src/app.ts", "c_1", "src/app.ts"],
    ["disco://container/current/file/src%2Fapp.ts", "current", "src/app.ts"],
    ["disco://container/c_1/file/a%20b/%C3%A4.txt", "c_1", "a b/ä.txt"],
    ["disco://container/c_1/file/what?#really", "c_1", "what?#really"],
    // Left as it is, for the path policy of the tab to refuse.
    ["disco://container/c_1/file/../../etc/passwd", "c_1", "../../etc/passwd"],
    ["disco://container/c_1/file/%2Fetc/passwd", "c_1", "/etc/passwd"],
    ["disco://container/c_1/file/log/p_1", "c_1", "log/p_1"],
  ])("%s names container %s and path %s", (uri, container, path) => {
    expect(parseResourceUri(uri)).toEqual({ type: "file", container, path });
  });
});

describe("the URI of a log", () => {
  it.each([
    ["disco://container/c_1/log/p_1", "c_1", "p_1", 0],
    ["disco://container/current/log/p%5F1?cursor=12", "current", "p_1", 12],
  ])("%s names container %s, process %s, from %d", (uri, container, process, cursor) => {
    expect(parseResourceUri(uri)).toEqual({ type: "log", container, process, cursor });
  });

  it("is what a link to it says", () => {
    const named = { type: "log", container: "c /1", process: "p?1" };
    expect(parseResourceUri(logUri("c /1", "p?1"))).toEqual({ ...named, cursor: 0 });
    expect(parseResourceUri(logUri("c /1", "p?1", 7))).toEqual({ ...named, cursor: 7 });
  });
});

it.each([
  "disco://container/c_1/file/",
  "disco://container//file/a",
  "disco://container/c_1/file/%E0%A4%A",
  "disco://container/c_1/log/",
  "disco://container/c_1/log/a/b",
  "disco://container/c_1/log/a?cursor=-1",
  "disco://container/c_1/log/a?cursor=1&tail=2",
  "disco://container/c_1/log/a?cursor=9999999999999999",
  "disco://container/c_1/log/%E0%A4%A",
  "file:///etc/passwd",
  "xdisco://container/c/file/a",
  "",
])("%j is no URI of a resource", (uri) => {
  expect(parseResourceUri(uri)).toBeUndefined();
});
