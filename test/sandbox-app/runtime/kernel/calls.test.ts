import { describe, expect, it } from "vitest";
import { OpenFlag } from "#sandbox/runtime/embedded/kernel/system-calls.ts";
import { KernelInThread } from "#test/support/kernel-in-thread.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("descriptors", () => {
  it("share one offset with their duplicates, and read and write at positions", () => {
    const system = new KernelInThread().system();
    const fd = system.callSync("open", "/tmp/a", OpenFlag.RDWR | OpenFlag.CREAT);
    system.callSync("write", fd, encode("hello world"), null);
    const twin = system.callSync("duplicate", fd);
    system.callSync("write", twin, encode("!"), null);
    expect(decode(system.callSync("read", fd, 5, 6))).toBe("world");
    expect(system.callSync("fstat", fd)).toMatchObject({ type: "file", size: 12, nlink: 1 });
    system.callSync("ftruncate", fd, 5);
    expect(decode(system.callSync("readFile", "/tmp/a"))).toBe("hello");
    system.callSync("close", fd);
    expect(decode(system.callSync("read", twin, 9, 0))).toBe("hello");
    system.callSync("close", twin);
    expect(() => system.callSync("read", twin, 1, null)).toThrow(
      "EBADF: bad file descriptor, read",
    );
  });
});

describe("pipes between processes", () => {
  it("run from writer to reader, with the end when the writer has ended", async () => {
    const box = new KernelInThread({
      shell: async (system) => {
        if (system.start.argv[0] === "seq") {
          for (let at = 1; at <= 3; at++) await system.call("write", 1, encode(`${at}\n`), null);
          return 0;
        }
        const { readEnd, writeEnd } = await system.call("pipe");
        const child = await system.call("spawn", {
          file: "seq",
          argv: ["seq", "3"],
          cwd: "/",
          env: system.start.env,
          streams: [{ from: "null" }, { from: "parent", fd: writeEnd }, { from: "parent", fd: 2 }],
        });
        await system.call("close", writeEnd);
        let text = "";
        for (;;) {
          const bytes = await system.call("read", readEnd, 100, null);
          if (bytes.byteLength === 0) break;
          text += decode(bytes);
        }
        const result = await system.call("wait", child.pid);
        await system.call("write", 1, encode(`${text}${JSON.stringify(result)}`), null);
        return 7;
      },
    });
    expect(await box.run(["bash"])).toMatchObject({
      stdout: expect.stringMatching(/^1\n2\n3\n\{"pid":\d+,"code":0,"signal":null\}$/),
      code: 7,
    });
  });
});
