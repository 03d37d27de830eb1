import { describe, expect, it } from "vitest";
import { parseFileUri } from "#worker/mcp/resources.ts";

describe("the URI of a file", () => {
  it.each([
    ["disco://container/c_1/file/src/app.ts", "c_1", "src/app.ts"],
    ["disco://container/current/file/src%2Fapp.ts", "current", "src/app.ts"],
    ["disco://container/c_1/file/a%20b/%C3%A4.txt", "c_1", "a b/ä.txt"],
    ["disco://container/c_1/file/what?#really", "c_1", "what?#really"],
    // Left as it is, for the path policy of the tab to refuse.
    ["disco://container/c_1/file/../../etc/passwd", "c_1", "../../etc/passwd"],
    ["disco://container/c_1/file/%2Fetc/passwd", "c_1", "/etc/passwd"],
  ])("%s names container %s and path %s", (uri, container, path) => {
    expect(parseFileUri(uri)).toEqual({ container, path });
  });

  it.each([
    "disco://container/c_1/file/",
    "disco://container//file/a",
    "disco://container/c_1/log/a",
    "disco://container/c_1/file/%E0%A4%A",
    "file:///etc/passwd",
    "xdisco://container/c/file/a",
    "",
  ])("is none: %j", (uri) => {
    expect(parseFileUri(uri)).toBeUndefined();
  });
});
