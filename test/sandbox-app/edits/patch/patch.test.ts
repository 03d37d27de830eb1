import { createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyHunks } from "#sandbox/edits/patch/apply-hunks.ts";
import { parsePatch } from "#sandbox/edits/patch/parse-patch.ts";
import { type FilePatch, PatchSyntaxError } from "#sandbox/edits/patch/patch.ts";

function patched(text: string, patch: string): string {
  const [file] = parsePatch(patch);
  if (file?.op !== "update") throw new Error(`not an update: ${file?.op}`);
  const done = applyHunks(text, file.hunks);
  if (!done.ok) throw new Error(`${done.refusal.reason} ${done.refusal.lines.join()}`);
  return done.text;
}

const v4a = (...lines: string[]) => ["*** Begin Patch", ...lines, "*** End Patch"].join("\n");

describe("V4A", () => {
  it("adds, deletes, updates and moves files", () => {
    const patch = v4a(
      "*** Add File: new.txt",
      "+one",
      "+",
      "*** Delete File: old.txt",
      "*** Update File: a.py",
      "*** Move to: b.py",
      "@@ class A",
      "@@ def f(self):",
      " x = 1",
      "-y = 2",
      "+y = 3",
    );
    expect(parsePatch(patch)).toEqual<FilePatch[]>([
      { op: "add", path: "new.txt", text: "one\n\n" },
      { op: "delete", path: "old.txt" },
      {
        op: "update",
        path: "a.py",
        to: "b.py",
        hunks: [
          {
            anchors: ["class A", "def f(self):"],
            lines: [
              { sign: " ", text: "x = 1" },
              { sign: "-", text: "y = 2" },
              { sign: "+", text: "y = 3" },
            ],
            line: null,
            atEnd: false,
            endsWithNewline: null,
          },
        ],
      },
    ]);
  });

  it("finds the place after its anchors", () => {
    const text = "class A:\n  def f():\n    pass\nclass B:\n  def f():\n    pass\n";
    const patch = v4a(
      "*** Update File: a.py",
      "@@ class B:",
      "   def f():",
      "-    pass",
      "+    go()",
    );
    expect(patched(text, patch)).toBe(
      "class A:\n  def f():\n    pass\nclass B:\n  def f():\n    go()\n",
    );
  });

  it("takes the end of the file where it says so", () => {
    const patch = v4a("*** Update File: a", "@@", "-x", "+y", "*** End of File");
    expect(patched("x\nx\n", patch)).toBe("x\ny\n");
  });

  it("is read out of a here-document and a fence", () => {
    const patch = v4a("*** Update File: a", "@@", "-x", "+y");
    expect(patched("x\n", `apply_patch <<'EOF'\n${patch}\nEOF`)).toBe("y\n");
    expect(patched("x\n", `Here it is:\n\`\`\`diff\n${patch}\n\`\`\`\nDone.`)).toBe("y\n");
  });

  it("names the line that it cannot read", () => {
    expect(() => parsePatch(v4a("*** Update File: a", "@@", "oops"))).toThrow(PatchSyntaxError);
    expect(() => parsePatch("nothing of a patch")).toThrow(/no patch in it/);
  });
});

describe("a unified diff", () => {
  const diff = (...lines: string[]) => ["--- a/f", "+++ b/f", ...lines, ""].join("\n");

  it("applies where its lines are, whatever its numbers say", () => {
    const patch = diff("@@ -90,3 +70,3 @@ some function", " b", "-c", "+C", " d");
    expect(patched("a\nb\nc\nd\n", patch)).toBe("a\nb\nC\nd\n");
  });

  it("is decided by its number between places that are the same", () => {
    expect(patched("x\ny\nx\n", diff("@@ -3 +3 @@", "-x", "+z"))).toBe("x\ny\nz\n");
  });

  it("is refused where neither lines nor number decide", () => {
    expect(() => patched("x\ny\nx\n", diff("@@ -7 +7 @@", "-x", "+z"))).toThrow("not_unique 1,3");
    expect(() => patched("x\n", diff("@@ -1 +1 @@", "-q", "+z"))).toThrow("not_found");
  });

  it("makes, deletes and renames files", () => {
    const made = [
      "diff --git a/n b/n",
      "new file mode 100644",
      "--- /dev/null",
      "+++ b/n",
      "@@ -0,0 +1 @@",
      "+hi",
      "",
    ];
    const gone = ["--- a/o", "+++ /dev/null", "@@ -1 +0,0 @@", "-bye", ""];
    const moved = [
      "diff --git a/p b/q",
      "similarity index 100%",
      "rename from p",
      "rename to q",
      "",
    ];
    expect(parsePatch([...made, ...gone, ...moved].join("\n"))).toEqual([
      { op: "add", path: "n", text: "hi\n" },
      { op: "delete", path: "o" },
      { op: "update", path: "p", to: "q", hunks: [] },
    ]);
  });

  it("keeps a deleted line that looks like a header", () => {
    expect(patched("-- x\nkeep\n", diff("@@ -1,2 +1 @@", "--- x", " keep"))).toBe("keep\n");
  });

  it("keeps the ends of lines and space that a context line lacks", () => {
    expect(patched("a  \r\nb\r\nc\r\n", diff("@@ -1,3 +1,3 @@", " a", "-b", "+B", " c"))).toBe(
      "a  \r\nB\r\nc\r\n",
    );
  });

  it("says whether the file ends with a newline", () => {
    const without = "\\ No newline at end of file";
    expect(patched("a", diff("@@ -1 +1 @@", "-a", without, "+b"))).toBe("b\n");
    expect(patched("a\n", diff("@@ -1 +1 @@", "-a", "+b", without))).toBe("b");
    expect(patched("a", diff("@@ -1 +1 @@", "-a", without, "+b", without))).toBe("b");
  });
});

describe("any patch that a program makes", () => {
  const line = fc.string({
    unit: fc.constantFrom("a", "b", " ", "-", "+", "@", "\\", "é"),
    maxLength: 6,
  });
  const text = fc
    .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
    .map(([lines, ends]) => lines.join("\n") + (ends && lines.length > 0 ? "\n" : ""));

  it("gives the new text, byte by byte", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        if (before === after || before === "" || after === "") return;
        const patch = createTwoFilesPatch("a/f", "b/f", before, after, undefined, undefined, {
          context: 3,
        });
        expect(patched(before, patch)).toBe(after);
      }),
      { numRuns: 3_000 },
    );
  });

  it("gives it with wrong numbers too, or is refused", () => {
    fc.assert(
      fc.property(text, text, fc.nat(50), (before, after, wrong) => {
        if (before === after || before === "" || after === "") return;
        const patch = createTwoFilesPatch("a/f", "b/f", before, after).replace(
          /^@@ -\d+/gm,
          `@@ -${100 + wrong}`,
        );
        try {
          expect(patched(before, patch)).toBe(after);
        } catch (error) {
          expect(String(error)).toMatch(/not_unique|AssertionError/);
          if (String(error).includes("AssertionError")) throw error;
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
