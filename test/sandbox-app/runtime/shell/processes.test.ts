import { describe, expect, it } from "vitest";
import { Pipe, PipeReader, PipeWriter } from "#sandbox/runtime/embedded/kernel/open/pipe.ts";
import { Waits } from "#sandbox/runtime/embedded/kernel/open/waits.ts";
import type { System } from "#sandbox/runtime/embedded/kernel/system-calls.ts";
import { runShellProgram } from "#sandbox/runtime/embedded/shell/start.ts";
import { KernelInThread } from "#test/support/kernel-in-thread.ts";
import { bash, newBox } from "./shell-box.ts";
import { until } from "#test/support/until.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A program that tells its arguments and passes its input on. */
async function tellingMain(system: System): Promise<number> {
  await system.call("write", 1, text(`${system.start.argv.slice(1).join(",")}\n`), null);
  for (;;) {
    const chunk = await system.call("read", 0, 1_024, null);
    if (chunk.byteLength === 0) return 3;
    await system.call("write", 1, chunk, null);
  }
}

describe("the shell and other processes", () => {
  const withProgram = (): KernelInThread =>
    new KernelInThread({ shell: runShellProgram, node: tellingMain });

  it("runs a program with its descriptors, environment and status", async () => {
    const { stdout, code } = await bash(
      "echo data | node a 'b c' | tr a-z A-Z; exit ${PIPESTATUS[1]}",
      withProgram(),
    );
    expect(stdout).toBe("A,B C\nDATA\n");
    expect(code).toBe(3);
  });

  it("gives a child the input that is left after read took a line", async () => {
    const { stdout } = await bash(
      "printf 'first\\nrest\\n' | { read x; echo \"got $x\"; node child; }",
      withProgram(),
    );
    expect(stdout).toBe("got first\nchild\nrest\n");
  });

  it("gives the pid of a program in the background", async () => {
    const { stdout } = await bash(
      'node < /dev/null > out & p=$!; ps | grep -c " $p "; wait $p; echo $?',
      withProgram(),
    );
    expect(stdout).toMatch(/^[01]\n3\n$/);
  });

  it("streams: output comes before the command ends", async () => {
    const box = newBox();
    const [stdin, stdout] = [new Pipe(), new Pipe()];
    const process = box.start(["bash", "-c", "echo early; read x; echo late"], {}, [
      new PipeReader(stdin, 1),
      new PipeWriter(stdout, 2),
    ]);
    expect(new TextDecoder().decode((await stdout.read(100, new Waits())).slice())).toBe("early\n");
    stdin.closeWriter();
    expect(new TextDecoder().decode((await stdout.read(100, new Waits())).slice())).toBe("late\n");
    await process.exited.promise;
  });

  it("leaves what runs in the background running after exit", async () => {
    const box = newBox();
    await bash("(sleep 0.05; echo late > bg.txt) & exit 0", box);
    await until(() => expect(box.read("/home/user/workspace/bg.txt")).toBe("late\n"));
  });

  it.each(["sleep 100", "(sleep 100; echo x)", "{ sleep 100; }", "f", "sleep 100 | cat"])(
    "%s in the background is a process that ps shows and kill ends",
    async (command) => {
      const { stdout } = await bash(
        `f() { sleep 100; }; ${command} & ps | grep -c "^ *$! "; kill -0 $! && kill $!; wait $!; echo $?; ps | grep -c "^ *$! "`,
      );
      expect(stdout).toBe("1\n143\n0\n");
    },
  );

  it("ends with a background list the programs that it started", async () => {
    const box = new KernelInThread({ shell: runShellProgram, node: () => new Promise(() => {}) });
    const { stdout } = await bash(
      "(node a; echo x) & until ps | grep -q 'node a$'; do :; done; kill %1; wait; ps | grep -c 'node a$'",
      box,
    );
    expect(stdout).toBe("0\n");
  });

  it("runs the EXIT trap before SIGTERM ends the shell", async () => {
    const { stdout, signal } = await bash("trap 'echo bye' EXIT; kill -TERM $$; sleep 5");
    expect({ stdout, signal }).toEqual({ stdout: "bye\n", signal: "SIGTERM" });
  });

  it("runs the trap of a signal, and goes on", async () => {
    const { stdout, code } = await bash("trap 'echo caught; exit 9' TERM; kill $$; echo never");
    expect({ stdout, code }).toEqual({ stdout: "caught\n", code: 9 });
  });

  it("ends a producer whose consumer is gone", async () => {
    const { stdout, code } = await bash("yes | head -n 2; exit ${PIPESTATUS[0]}");
    expect({ stdout, code }).toEqual({ stdout: "y\ny\n", code: 141 });
  });
});
