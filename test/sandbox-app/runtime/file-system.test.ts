import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "#sandbox/runtime/embedded/kernel/file-system.ts";
import type { FileEvent } from "#sandbox/runtime/runtime.ts";
import { codeOf, encode, newFiles } from "#test/support/file-system.ts";

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("symbolic links", () => {
  it("are followed in the middle and at the end of a path", () => {
    const files = newFiles();
    files.mkdirp("/w/real/deep");
    files.symlink("real/deep", "/w/short");
    files.symlink("/w/short/x.txt", "/w/x");
    files.write("/w/x", encode("through a dangling link"));
    expect(decode(files.read("/w/real/deep/x.txt"))).toBe("through a dangling link");
    expect(files.realpath("/w/x")).toBe("/w/real/deep/x.txt");
    expect(files.lstat("/w/x").type).toBe("symlink");
    expect(files.readlink("/w/x")).toBe("/w/short/x.txt");
    expect(files.realpath("/w/short/..")).toBe("/w/real");
  });

  it("that lead in a circle are ELOOP", () => {
    const files = newFiles();
    files.symlink("b", "/w/a");
    files.symlink("a", "/w/b");
    expect(codeOf(() => files.read("/w/a"))).toBe("ELOOP");
    expect(codeOf(() => files.write("/w/a/b", encode("")))).toBe("ELOOP");
  });

  it("go away without what they point to", () => {
    const files = newFiles();
    files.mkdirp("/w/dir");
    files.write("/w/dir/keep", encode("kept"));
    files.symlink("dir", "/w/link");
    files.remove("/w/link", { recursive: true });
    expect(decode(files.read("/w/dir/keep"))).toBe("kept");
  });
});

describe("rename", () => {
  it("follows POSIX for what it may replace", () => {
    const files = newFiles();
    files.mkdirp("/w/full/inner");
    files.mkdirp("/w/empty");
    files.mkdirp("/w/moved/sub");
    files.write("/w/file", encode("f"));
    expect(codeOf(() => files.rename("/w/file", "/w/empty"))).toBe("EISDIR");
    expect(codeOf(() => files.rename("/w/moved", "/w/file"))).toBe("ENOTDIR");
    expect(codeOf(() => files.rename("/w/moved", "/w/full"))).toBe("ENOTEMPTY");
    expect(codeOf(() => files.rename("/w/moved", "/w/moved/sub/x"))).toBe("EINVAL");
    files.rename("/w/moved", "/w/empty");
    expect(files.list("/w/empty")).toEqual([{ name: "sub", type: "directory" }]);
  });

  it("of one hard link onto the other changes nothing", () => {
    const files = newFiles();
    files.write("/w/a", encode("same"));
    files.link("/w/a", "/w/b");
    files.rename("/w/a", "/w/b");
    expect(files.list("/w").map(({ name }) => name)).toEqual(["a", "b"]);
    expect(files.stat("/w/a").ino).toBe(files.stat("/w/b").ino);
  });
});

describe("space", () => {
  it("is limited, and what does not fit changes nothing", () => {
    const files = newFiles(100);
    files.write("/w/a", new Uint8Array(90));
    expect(codeOf(() => files.write("/w/b", new Uint8Array(20)))).toBe("ENOSPC");
    expect(codeOf(() => files.append("/w/a", new Uint8Array(20)))).toBe("ENOSPC");
    expect(codeOf(() => files.stat("/w/b"))).toBe("ENOENT");
    expect(files.read("/w/a").byteLength).toBe(90);
    files.write("/w/a", new Uint8Array(10));
    files.write("/w/b", new Uint8Array(80));
    expect(files.usedBytes).toBe(94);
  });

  it("comes back with the last link of a file", () => {
    const files = newFiles();
    const before = files.usedBytes;
    files.write("/w/a", new Uint8Array(50));
    files.link("/w/a", "/w/b");
    files.remove("/w/a");
    expect(files.usedBytes).toBe(before + 50);
    files.write("/w/c", new Uint8Array(1));
    files.rename("/w/c", "/w/b");
    expect(files.usedBytes).toBe(before + 1);
  });
});

describe("permissions", () => {
  it("keep the user out of the system's files", () => {
    const files = newFiles();
    expect(decode(files.read("/etc/passwd"))).toBe("root");
    expect(codeOf(() => files.write("/etc/passwd", encode("me")))).toBe("EACCES");
    expect(codeOf(() => files.write("/etc/new", encode("me")))).toBe("EACCES");
    expect(codeOf(() => files.remove("/etc/passwd"))).toBe("EACCES");
    expect(codeOf(() => files.rename("/etc/passwd", "/w/x"))).toBe("EACCES");
    expect(codeOf(() => files.chmod("/etc/passwd", 0o777))).toBe("EACCES");
  });

  it("hold the user to the modes that they set", () => {
    const files = newFiles();
    files.write("/w/secret", encode("s"));
    files.chmod("/w/secret", 0);
    expect(codeOf(() => files.read("/w/secret"))).toBe("EACCES");
    files.chmod("/w/secret", 0o400);
    expect(decode(files.read("/w/secret"))).toBe("s");
    expect(codeOf(() => files.write("/w/secret", encode("t")))).toBe("EACCES");
  });
});

describe("watch", () => {
  it("tells of every kind of change, by canonical path, also through links", () => {
    const files = newFiles();
    files.mkdirp("/w/dir");
    files.symlink("dir", "/w/link");
    const events: FileEvent[] = [];
    const stop = files.watch("/w/link", (event) => events.push(event));
    files.write("/w/link/a", encode("1"));
    files.append("/w/dir/a", encode("2"));
    files.rename("/w/dir/a", "/w/dir/b");
    files.remove("/w/dir/b");
    files.write("/w/outside", encode("x"));
    stop();
    files.write("/w/dir/late", encode("x"));
    expect(events.map(({ type, path }) => `${type} ${path}`)).toEqual([
      "created /w/dir/a",
      "changed /w/dir/a",
      "removed /w/dir/a",
      "created /w/dir/b",
      "removed /w/dir/b",
    ]);
  });
});

describe("paths", () => {
  it.each([
    ["relative", "w/x", "EINVAL"],
    ["with NUL", "/w/\0", "EINVAL"],
    ["longer than PATH_MAX", `/${"a".repeat(4_096)}`, "EINVAL"],
    ["through a file", "/etc/passwd/x", "ENOTDIR"],
    ["of a file with a slash at the end", "/etc/passwd/", "ENOTDIR"],
  ])("%s are refused", (_name, path, code) => {
    expect(codeOf(() => newFiles().read(path))).toBe(code);
  });

  it("above the root are the root", () => {
    expect(newFiles().realpath("/../../w/./../w")).toBe("/w");
  });
});

/** The simplest file system there is: whole paths, no inodes. */
class Model {
  readonly nodes = new Map<string, string | null>([["/w", null]]);

  write(path: string, text: string): boolean {
    if (!this.isDirectory(parentOf(path)) || this.nodes.get(path) === null) return false;
    this.nodes.set(path, text);
    return true;
  }
  mkdir(path: string): boolean {
    if (!this.isDirectory(parentOf(path)) || this.nodes.has(path)) return false;
    this.nodes.set(path, null);
    return true;
  }
  remove(path: string): boolean {
    if (!this.nodes.has(path)) return false;
    for (const below of this.below(path)) this.nodes.delete(below);
    return true;
  }
  rename(from: string, to: string): boolean {
    const node = this.nodes.get(from);
    const target = this.nodes.get(to);
    if (node === undefined || !this.isDirectory(parentOf(to))) return false;
    if (from === to) return true;
    if (node === null && to.startsWith(`${from}/`)) return false;
    if (target !== undefined && (target === null) !== (node === null)) return false;
    if (target === null && this.below(to).length > 1) return false;
    const moved = this.below(from).map((path) => [path, this.nodes.get(path)] as const);
    this.nodes.delete(to);
    for (const [path] of moved) this.nodes.delete(path);
    for (const [path, value] of moved) this.nodes.set(to + path.slice(from.length), value ?? null);
    return true;
  }
  isDirectory(path: string): boolean {
    return this.nodes.get(path) === null;
  }
  below(path: string): string[] {
    return [...this.nodes.keys()].filter((key) => key === path || key.startsWith(`${path}/`));
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function snapshot(files: FileSystem, path: string, into = new Map<string, string | null>()) {
  into.set(path, files.stat(path).type === "directory" ? null : decode(files.read(path)));
  if (into.get(path) !== null) return into;
  for (const { name } of files.list(path)) snapshot(files, `${path}/${name}`, into);
  return into;
}

const anyPath = fc
  .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 })
  .map((parts) => `/w/${parts.join("/")}`);

const anyStep = fc.oneof(
  fc.record({ type: fc.constant("write" as const), path: anyPath, text: fc.string() }),
  fc.record({ type: fc.constant("mkdir" as const), path: anyPath }),
  fc.record({ type: fc.constant("remove" as const), path: anyPath }),
  fc.record({ type: fc.constant("rename" as const), path: anyPath, to: anyPath }),
);

describe("any sequence of changes", () => {
  it("does what the simplest model does, counts its bytes, and fails in the same places", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const files = newFiles(1e6);
        const model = new Model();
        for (const step of steps) {
          const run = (): void => {
            if (step.type === "write") files.write(step.path, encode(step.text));
            else if (step.type === "mkdir") files.mkdir(step.path);
            else if (step.type === "remove") files.remove(step.path, { recursive: true });
            else files.rename(step.path, step.to);
          };
          const expected =
            step.type === "write"
              ? model.write(step.path, step.text)
              : step.type === "rename"
                ? model.rename(step.path, step.to)
                : model[step.type](step.path);
          expect(codeOf(run) === "none").toBe(expected);
        }
        const found = snapshot(files, "/w");
        const texts = [...model.nodes].map(
          ([path, text]) => [path, text === null ? null : decode(encode(text))] as const,
        );
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(texts));
        const bytes = texts.reduce((sum, [, text]) => sum + encode(text ?? "").byteLength, 4);
        expect(files.usedBytes).toBe(bytes);
      }),
      { numRuns: 300 },
    );
  });
});
