import { describe, expect, it } from "vitest";
import { type Program, resolveProgram } from "#sandbox/runtime/embedded/kernel/programs.ts";
import { KernelInThread } from "#test/support/kernel-in-thread.ts";

const box = new KernelInThread();

function script(path: string, text: string, mode = 0o755): void {
  box.write(path, text);
  box.files.chmod(path, mode);
}

function resolve(file: string, ...args: string[]): Program {
  const searchPath = "/tmp/bin:/usr/local/bin:/usr/bin";
  return resolveProgram(box.files, { file, argv: [file, ...args], cwd: "/tmp", searchPath });
}

describe("a program is found", () => {
  it("on PATH, through links, with the worker that runs it", () => {
    expect(resolve("grep", "x")).toEqual({
      kind: "shell",
      path: "/usr/bin/grep",
      argv: ["grep", "x"],
    });
    expect(resolve("/bin/node", "-v")).toEqual({
      kind: "node",
      path: "/usr/bin/node",
      argv: ["/bin/node", "-v"],
    });
    expect(resolve("npm").kind).toBe("node");
  });

  it.each([
    ["#!/bin/bash\n", "shell", "/usr/bin/bash", ["/bin/bash", "./run", "a"]],
    ["#! /bin/sh -e \n", "shell", "/usr/bin/sh", ["/bin/sh", "-e", "./run", "a"]],
    ["echo no line\n", "shell", "/usr/bin/sh", ["/bin/sh", "./run", "a"]],
    ["#!/usr/bin/env node\n", "node", "/usr/bin/node", ["node", "./run", "a"]],
    ["#!/usr/bin/env -S node --x y\n", "node", "/usr/bin/node", ["node", "--x", "y", "./run", "a"]],
    ["#!/tmp/via -f\n", "node", "/usr/bin/node", ["node", "/tmp/via", "-f", "./run", "a"]],
  ])("by the first line %j", (line, kind, path, argv) => {
    script("/tmp/via", "#!/usr/bin/env node\n");
    script("/tmp/run", line);
    expect(resolve("./run", "a")).toEqual({ kind, path, argv });
  });

  it("also in a directory of the user's that stands first, by a relative link", () => {
    script("/tmp/tool/cli.js", "#!/usr/bin/env node\n");
    box.files.mkdirp("/tmp/bin");
    box.files.symlink("../tool/cli.js", "/tmp/bin/tool");
    expect(resolve("tool")).toMatchObject({ kind: "node", argv: ["node", "/tmp/bin/tool"] });
  });

  it("or is refused with the code that Linux has for it", () => {
    script("/tmp/plain", "text", 0o644);
    script("/tmp/loop", "#!/tmp/loop\n");
    script("/tmp/python", "#!/usr/bin/python3\n");
    const codes = ["none", "./plain", "/tmp", "./loop", "./python", ""].map((file) => {
      try {
        return resolve(file).kind;
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(codes).toEqual(["ENOENT", "EACCES", "ENOENT", "ELOOP", "ENOENT", "ENOENT"]);
  });
});
