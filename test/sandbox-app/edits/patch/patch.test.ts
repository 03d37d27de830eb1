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

const diff = (...lines: string[]) => ["--- a/f", "+++ b/f", ...lines, ""].join("\n");
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

describe("a unified diff, and what stands around it or in it", () => {
  it("ends where its fence does, and not at a fence of the file", () => {
    const lines = diff("@@ -1,3 +1,3 @@", "-one", "+two", " ```", "-x", "+y");
    const fenced = ["Like this:", "```diff", lines, "```", "That is all."].join("\n");
    expect(patched("one\n```\nx\n", fenced)).toBe("two\n```\ny\n");
    const here = ["git apply <<EOF", diff("@@ -1,2 +1,2 @@", " EOF", "-x", "+y"), "EOF"].join("\n");
    expect(patched("EOF\nx\n", here)).toBe("EOF\ny\n");
  });

  it("may replace a line of two dashes by one of two plus signs", () => {
    const swap = diff("@@ -1,2 +1,2 @@", " a", "--- x", "+++ y");
    expect(patched("a\n-- x\n", swap)).toBe("a\n++ y\n");
  });

  it("may count its lines wrongly where another file follows", () => {
    const next = "--- a/g\n+++ b/g\n@@ -1 +1 @@\n-c\n+d\n";
    for (const header of ["@@ -1,2 +1,2 @@", "@@ -1,9 +1 @@", "@@ -1 +1 @@"]) {
      const both = parsePatch(diff(header, "-a", "+b") + next);
      expect(both.map(({ path }) => path)).toEqual(["f", "g"]);
    }
    const git = `diff --git a/f b/f\n${diff("@@ -1,2 +1,2 @@", "-a", "+b", "--- x", "+++ x", "@@ -9 +9 @@", "-c", "+d")}`;
    expect(patched("a\n-- x\nc\n", git)).toBe("b\n++ x\nd\n");
  });

  it("is over at the signature of a mail", () => {
    const mail = diff("@@ -1,2 +1,2 @@", " a", "-b", "+c", "-- ", "2.39.0", "");
    expect(patched("a\nb\n", mail)).toBe("a\nc\n");
  });

  it("names files as git quotes them", () => {
    const quoted =
      '--- "a/\\303\\251 \\"x\\".txt"\n+++ "b/\\303\\251 \\"x\\".txt"\n@@ -1 +1 @@\n-a\n+b\n';
    expect(parsePatch(quoted)).toMatchObject([{ op: "update", path: 'é "x".txt', to: null }]);
  });

  it("makes and deletes files that are empty, and leaves modes alone", () => {
    const sections = [
      ["diff --git a/n b/n", "new file mode 100644", "index 0000000..e69de29"],
      ["diff --git a/o b/o", "deleted file mode 100644", "index e69de29..0000000"],
      ["diff --git a/run b/run", "old mode 100644", "new mode 100755"],
      ["diff --git a/m b/m", "old mode 100644", "new mode 100755"],
      ["--- a/m", "+++ b/m", "@@ -1 +1 @@", "-a", "+b"],
    ];
    expect(parsePatch(sections.flat().join("\n"))).toMatchObject([
      { op: "add", path: "n", text: "" },
      { op: "delete", path: "o" },
      { op: "update", path: "m", to: null },
    ]);
  });

  it("cannot be applied to a binary file, and says what can", () => {
    const binary =
      "diff --git a/x.png b/x.png\nindex 1..2 100644\nBinary files a/x.png and b/x.png differ\n";
    expect(() => parsePatch(binary)).toThrow("the file is binary; write it with write_file");
  });
});

describe("ends of lines in a patch", () => {
  const mixed = "a\r\nb\r\nc\nd\n";

  it("are the file's own where git tells them", () => {
    expect(patched(mixed, diff("@@ -1,3 +1,4 @@", " a\r", "-b\r", "+B\r", "+B\r", " c"))).toBe(
      "a\r\nB\r\nB\r\nc\nd\n",
    );
    expect(patched(mixed, diff("@@ -2 +2 @@", "-b\r", "+b"))).toBe("a\r\nb\nc\nd\n");
    const added = "--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+a\r\n+b\r\n";
    expect(parsePatch(added)).toEqual([{ op: "add", path: "n", text: "a\r\nb\r\n" }]);
  });

  it("are those of the place where the patch has none", () => {
    expect(patched(mixed, diff("@@ -1,2 +1,2 @@", " a", "-b", "+B"))).toBe("a\r\nB\r\nc\nd\n");
    const patch = v4a("*** Update File: f", "@@", " c", "-d", "+D");
    expect(patched(mixed, patch)).toBe("a\r\nb\r\nc\nD\n");
  });

  it("are no part of the file where the whole patch has them", () => {
    const patch = diff("@@ -1,2 +1,2 @@", " a", "-b", "+B", "").replaceAll("\n", "\r\n");
    expect(patched("a\nb\n", patch)).toBe("a\nB\n");
    expect(patched("a\r\nb\r\n", patch)).toBe("a\r\nB\r\n");
  });

  it("leave no half behind at the end of a file without one", () => {
    const patch = v4a("*** Update File: f", "@@", "-b", "+c");
    expect(patched("a\r\nb", patch)).toBe("a\r\nc");
  });
});

describe("any patch that a program makes", () => {
  const line = fc.string({
    unit: fc.constantFrom("a", "b", " ", "-", "+", "@", "\\", "é"),
    maxLength: 6,
  });
  const end = fc.constantFrom("\n", "\n", "\n", "\r\n");
  const text = fc
    .tuple(fc.array(fc.tuple(line, end), { maxLength: 12 }), fc.boolean())
    .map(([lines, ends]) =>
      lines
        .map((one) => one.join(""))
        .join("")
        .replace(ends ? /$/ : /\r?\n$/, ""),
    )
    // New lines of a file of CRLF alone get CRLF: it says so above.
    .filter((whole) => !whole.includes("\r\n") || /(?<!\r)\n/.test(whole));

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
