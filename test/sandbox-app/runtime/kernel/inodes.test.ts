import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OpenFlag } from "#sandbox/runtime/embedded/kernel/system-calls.ts";
import { codeOf, encode, newFiles } from "#test/support/file-system.ts";

describe("an inode", () => {
  it("tells the size of a link in bytes", () => {
    const files = newFiles();
    files.symlink("nowhere/é", "/w/link");
    expect(files.lstat("/w/link").size).toBe(10);
  });

  it("tells its numbers as stat does", () => {
    const files = newFiles();
    files.write("/w/a", encode("abc"), 0o600);
    files.link("/w/a", "/w/b");
    files.mkdirp("/w/d/e");
    expect(files.stat("/w/a")).toMatchObject({ type: "file", mode: 0o600, nlink: 2, uid: 1000 });
    expect(files.stat("/w/d")).toMatchObject({ type: "directory", nlink: 3, size: 0 });
    expect(files.stat("/etc/passwd").uid).toBe(0);
    const { mtimeMs, ctimeMs, birthtimeMs } = files.stat("/w/a");
    files.utimes("/w/a", 10, 20);
    const after = files.stat("/w/b");
    expect(after).toMatchObject({ atimeMs: 10, mtimeMs: 20, birthtimeMs });
    expect(after.ctimeMs).toBeGreaterThan(Math.max(mtimeMs, ctimeMs));
  });

  it("is cut and made longer, with zeros where nothing was written", () => {
    const files = newFiles();
    files.write("/w/a", encode("abcdef"));
    files.truncate("/w/a", 3);
    files.truncate("/w/a", 5);
    expect([...files.read("/w/a")]).toEqual([97, 98, 99, 0, 0]);
    expect(codeOf(() => files.truncate("/w", 1))).toBe("EISDIR");
    expect(codeOf(() => files.truncate("/w/a", 1e6))).toBe("ENOSPC");
    expect(files.read("/w/a").byteLength).toBe(5);
  });

  it("is removed by the call that is meant for its kind", () => {
    const files = newFiles();
    files.mkdirp("/w/full/x");
    files.write("/w/a", encode(""));
    expect(codeOf(() => files.unlink("/w/full"))).toBe("EISDIR");
    expect(codeOf(() => files.rmdir("/w/full"))).toBe("ENOTEMPTY");
    expect(codeOf(() => files.rmdir("/w/a"))).toBe("ENOTDIR");
    expect(codeOf(() => files.link("/w/full", "/w/b"))).toBe("EPERM");
    files.rmdir("/w/full/x");
    files.unlink("/w/a");
    expect(files.list("/w").map(({ name }) => name)).toEqual(["full"]);
  });

  it("has every change of it told, by its number, to those who save it", () => {
    const files = newFiles();
    const changes: string[] = [];
    files.write("/w/a", encode("1"));
    const { ino } = files.stat("/w/a");
    const directory = files.stat("/w").ino;
    files.store.onChange((change) => changes.push(`${change.type} ${change.ino}`));
    files.write("/w/a", encode("2"));
    files.chmod("/w/a", 0o600);
    files.rename("/w/a", "/w/b");
    files.remove("/w/b");
    expect(changes).toEqual([
      `content ${ino}`,
      `attributes ${ino}`,
      `entries ${directory}`,
      `entries ${directory}`,
      `entries ${directory}`,
      `removed ${ino}`,
    ]);
    expect(files.store.get(ino)).toBeUndefined();
  });
});

describe("open files, against a model", () => {
  const step = fc.oneof(
    fc.record({
      write: fc.uint8Array({ maxLength: 20 }),
      at: fc.integer({ min: 0, max: 40 }),
    }),
    fc.record({ resize: fc.integer({ min: 0, max: 60 }) }),
    fc.record({ append: fc.uint8Array({ maxLength: 20 }) }),
  );

  it("hold what was written, cut and appended, and count their bytes", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const files = newFiles(100_000);
        const before = files.usedBytes;
        const node = files.open("/w/a", OpenFlag.RDWR | OpenFlag.CREAT);
        if (node.type !== "file") throw new Error("not a file");
        let model: number[] = [];
        const put = (bytes: Uint8Array, at: number): void => {
          if (bytes.byteLength === 0) return;
          while (model.length < at) model.push(0);
          bytes.forEach((byte, index) => {
            model[at + index] = byte;
          });
        };
        for (const action of steps) {
          if ("write" in action) {
            files.writeFile(node, action.at, action.write);
            put(action.write, action.at);
          } else if ("append" in action) {
            files.append("/w/a", action.append);
            put(action.append, model.length);
          } else {
            files.resizeFile(node, action.resize);
            model = Array.from({ length: action.resize }, (_, at) => model[at] ?? 0);
          }
        }
        expect([...files.readFile(node, 0, 1_000)]).toEqual(model);
        expect(files.usedBytes).toBe(before + model.length);
        files.unlink("/w/a");
        files.release(node);
        expect(files.usedBytes).toBe(before);
      }),
    );
  });
});
