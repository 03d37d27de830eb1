import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolvePath } from "#sandbox/dispatch/paths.ts";

const code = (path: string, root = "/workspace") => {
  try {
    return resolvePath(root, path).relative;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("resolvePath", () => {
  it("normalises, relative and absolute", () => {
    expect(resolvePath("/workspace", "a//./b/../c/")).toEqual({
      absolute: "/workspace/a/c",
      relative: "a/c",
    });
    expect(code(".")).toBe(".");
    expect(code("/workspace")).toBe(".");
    expect(code("/workspace/x")).toBe("x");
    expect(code("a/..")).toBe(".");
    expect(code("~/x")).toBe("~/x");
    expect(code("x", "/")).toBe("x");
  });

  it("refuses what leaves, also by a sibling of the same prefix", () => {
    for (const path of ["..", "a/../..", "/", "/etc", "/workspace-evil/x", "../workspace-evil"]) {
      expect(code(path), path).toBe("path_outside_workspace");
    }
  });

  it("refuses what no file can be called", () => {
    for (const path of ["a\0b", "\uD800", "n".repeat(256), "ä".repeat(128), "d/".repeat(2_100)]) {
      expect(code(path), path.slice(0, 10)).toBe("invalid_input");
    }
  });

  it("resolves any path to one below the root, or refuses it", () => {
    const part = fc.constantFrom("..", ".", "", "a", "b c", "workspace", "..x", "\\", "%2e%2e");
    const paths = fc.tuple(fc.boolean(), fc.array(part, { maxLength: 8 }));
    fc.assert(
      fc.property(paths, ([isAbsolute, parts]) => {
        const path = (isAbsolute ? "/" : "") + parts.join("/");
        const relative = code(path);
        if (relative === "path_outside_workspace") return;
        const { absolute } = resolvePath("/workspace", path);
        expect(absolute === "/workspace" || absolute.startsWith("/workspace/")).toBe(true);
        expect(absolute.split("/")).not.toContain("..");
        // What comes out means the same again.
        expect(resolvePath("/workspace", relative).absolute).toBe(absolute);
      }),
    );
  });
});
