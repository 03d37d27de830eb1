import { describe, expect, it } from "vitest";
import {
  noPreviews,
  pathOf,
  type Previews,
  withoutPreview,
  withPortEvent,
  withProgram,
} from "#sandbox/ui/preview/previews.ts";

function after(...events: readonly (readonly ["opened" | "closed", number])[]): Previews {
  return events.reduce(
    (previews, [type, port]) => withPortEvent(previews, { type, port, pid: 2 }),
    noPreviews,
  );
}

describe("the previews", () => {
  it("show the first port, and let later ones wait", () => {
    const { tabs, active } = after(["opened", 5_173], ["opened", 3_000]);
    expect(tabs.map(({ port, life }) => [port, life])).toEqual([
      [5_173, "open"],
      [3_000, "open"],
    ]);
    expect(active).toBe(5_173);
  });

  it("keep a port that has ended, and show one that lives instead when it comes", () => {
    const ended = after(["opened", 5_173], ["closed", 5_173]);
    expect(ended).toMatchObject({ tabs: [{ port: 5_173, life: "ended" }], active: 5_173 });
    expect(withPortEvent(ended, { type: "opened", port: 3_000, pid: 3 }).active).toBe(3_000);
    expect(after(["opened", 1], ["closed", 1], ["opened", 1])).toEqual(after(["opened", 1]));
  });

  it("know nothing of a port that was never open", () => {
    expect(after(["closed", 80])).toEqual(noPreviews);
  });

  it("close to their neighbour", () => {
    const three = after(["opened", 1], ["opened", 2], ["opened", 3]);
    expect(withoutPreview({ ...three, active: 2 }, 2).active).toBe(3);
    expect(withoutPreview({ ...three, active: 3 }, 3).active).toBe(2);
    expect(withoutPreview({ ...three, active: 1 }, 3).active).toBe(1);
    expect(withoutPreview(after(["opened", 1]), 1)).toEqual(noPreviews);
  });

  it("name their program", () => {
    expect(withProgram(after(["opened", 1]), 1, "vite").tabs[0]?.program).toBe("vite");
  });
});

describe("pathOf", () => {
  it.each([
    ["", "/"],
    ["/", "/"],
    ["about", "/about"],
    [" /a b?c=d#e ", "/a%20b?c=d#e"],
    ["http://localhost:5173/x?y", "/x?y"],
    ["https://evil.example/x", "/x"],
    ["//evil.example/x", "/evil.example/x"],
    ["\\\\evil.example", "/evil.example"],
    ["/../../x", "/x"],
    ["javascript:alert(1)", "/javascript:alert(1)"],
    ["http://[", "/http://["],
  ])("takes %j for %s", (typed, path) => {
    expect(pathOf(typed)).toBe(path);
    expect(new URL(`https://p1.example${path}`).host).toBe("p1.example");
  });
});
