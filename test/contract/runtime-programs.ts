import { describe, expect, it } from "vitest";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { bytesOf, finish, type Finished, readScreen } from "./runtime-streams.ts";

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What a runtime promises about programs while they run: signals, background jobs, ports. */
export function runningProgramsContract(runtime: () => Runtime): void {
  const path = (file: string): string => `${runtime().root}/${file}`;
  const bash = async (line: string): Promise<Finished> =>
    finish(await runtime().spawn("bash", ["-c", line]));

  describe("running programs", () => {
    it("are listed while they run, and end by the signal that is sent to them", async () => {
      const process = await runtime().spawn("bash", ["-c", "echo ready; while true; do :; done"]);
      await readScreen(process).until("ready\n");
      const listed = (await runtime().processes()).find(({ pid }) => String(pid) === process.id);
      expect(listed).toMatchObject({ state: "running", ports: [] });
      expect(listed?.argv.slice(0, 2)).toEqual(["bash", "-c"]);
      expect((await runtime().usage()).processes).toBeGreaterThan(0);
      await runtime().signal(listed?.pid ?? -1, "SIGKILL");
      expect(await process.exit).toEqual({ code: null, signal: "SIGKILL" });
      await expect(runtime().signal(listed?.pid ?? -1, "SIGKILL")).rejects.toMatchObject({
        code: "ESRCH",
      });
    });

    it("are told of when one starts, and when it ends", async () => {
      const counts: number[] = [];
      const stop = runtime().onProcesses(() => {
        void runtime()
          .processes()
          .then((all) => counts.push(all.length));
      });
      const before = (await runtime().processes()).length;
      const process = await runtime().spawn("sleep", ["60"]);
      await expect.poll(() => counts.at(-1), { timeout: 5_000 }).toBe(before + 1);
      process.kill("SIGKILL");
      await expect.poll(() => counts.at(-1), { timeout: 5_000 }).toBe(before);
      stop();
    });

    it("may end on their own terms when they are asked to, where signals are real", async () => {
      if (!runtime().capabilities.signals) return;
      const line = "trap 'echo bye; exit 3' TERM; echo ready; while true; do sleep 0.05; done";
      const process = await runtime().spawn("bash", ["-c", line]);
      const screen = readScreen(process);
      await screen.until("ready\n");
      process.kill("SIGTERM");
      await screen.until("bye\n");
      expect(await process.exit).toEqual({ code: 3, signal: null });
    });

    it("go on in the background when the shell that started them has ended", async () => {
      if (!runtime().capabilities.backgroundJobs) return;
      const started = await bash(
        'node -e \'setTimeout(() => require("fs").writeFileSync("late.txt", "late"), 300)\' & echo on',
      );
      expect(started).toMatchObject({ stdout: "on\n", code: 0 });
      await expect
        .poll(
          () =>
            runtime()
              .files.read(path("late.txt"))
              .then(decode, () => ""),
          {
            timeout: 20_000,
          },
        )
        .toBe("late");
    });

    it("can be talked to on the ports that they listen on, until they end", async () => {
      const events: string[] = [];
      const stop = runtime().onPort(({ type, port }) => events.push(`${type} ${port}`));
      const source = "require('net').createServer((socket) => socket.pipe(socket)).listen(4321)";
      const server = await runtime().spawn("node", ["-e", source]);
      await expect.poll(() => events, { timeout: 20_000 }).toEqual(["opened 4321"]);
      const late: number[] = [];
      runtime().onPort(({ port }) => late.push(port))();
      expect(late).toEqual([4321]);
      const { readable, writable } = await runtime().connect(4321);
      const sent = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
      const writer = writable.getWriter();
      const wrote = writer.write(sent).then(() => writer.close());
      const echoed = await bytesOf(readable);
      await wrote;
      expect(echoed.byteLength).toBe(sent.byteLength);
      expect(echoed.every((byte, index) => byte === sent[index])).toBe(true);
      server.kill("SIGKILL");
      await expect.poll(() => events).toEqual(["opened 4321", "closed 4321"]);
      await expect(runtime().connect(4321)).rejects.toMatchObject({ code: "ECONNREFUSED" });
      stop();
    });
  });
}
