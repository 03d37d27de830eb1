import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import { INPUT_MAX_CHARS } from "#protocol/limits.ts";
import { registry } from "#protocol/registry.ts";
import { WAITING_MAX_CHARS } from "#sandbox/dispatch/commands/command-input.ts";
import { LOG_LIMITS } from "#sandbox/dispatch/commands/log-room.ts";
import type { TabContext } from "#sandbox/dispatch/context.ts";
import { processHandlers } from "#sandbox/dispatch/handlers/processes.ts";
import { terminalHandlers } from "#sandbox/dispatch/handlers/terminal.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { bootNodeRuntime } from "../../support/node-runtime.ts";
import { tabContext } from "../../support/tab-context.ts";

let runtime: Runtime;
let context: TabContext;

beforeEach(async () => {
  runtime = await bootNodeRuntime();
  context = tabContext(runtime, { client: "Claude" });
});
afterEach(async () => {
  context.commands.dispose();
  await runtime.dispose();
});

/** Starts a command in the background. */
async function start(command: string, stdin?: string): Promise<string> {
  const given = { command, background: true, ...(stdin === undefined ? {} : { stdin }) };
  const input = registry.run_command.input.parse(given);
  const { process_id: id } = await terminalHandlers.run_command(input, context);
  return id ?? "it has no id";
}

type ReadInput = Partial<z.input<typeof registry.read_output.input>>;
async function read(id: string, input: ReadInput = {}, change: Partial<TabContext> = {}) {
  const parsed = registry.read_output.input.parse({ process_id: id, ...input });
  const output = await processHandlers.read_output(parsed, { ...context, ...change });
  return registry.read_output.output.parse(output);
}
type SendInput = Partial<z.input<typeof registry.send_input.input>>;
async function send(id: string, text: string, input: SendInput = {}) {
  const parsed = registry.send_input.input.parse({ process_id: id, text, ...input });
  return registry.send_input.output.parse(await processHandlers.send_input(parsed, context));
}
async function stop(id: string, signal?: "TERM" | "INT" | "KILL") {
  const parsed = registry.stop_process.input.parse({ process_id: id, signal });
  return registry.stop_process.output.parse(await processHandlers.stop_process(parsed, context));
}
async function list() {
  const output = await processHandlers.list_processes({}, context);
  return registry.list_processes.output.parse(output).processes;
}
const untilEnd = (id: string) => read(id, { until: "exit", wait_s: 10 });

describe("read_output", () => {
  it("goes on from cursor to cursor, to the end", async () => {
    const id = await start("for i in 1 2 3; do echo $i; sleep 0.2; done; echo oops >&2; exit 3");
    let all = "";
    let cursor = 0;
    for (let status = "running"; status === "running";) {
      const part = await read(id, { cursor, wait_s: 10 });
      ({ status, cursor } = part);
      all += part.output;
      expect(part).toMatchObject({ dropped: 0, remaining: 0 });
    }
    expect(all).toBe("1\n2\n3\noops\n");
    expect(await read(id)).toMatchObject({ status: "exited", exit_code: 3, output: all });
  });

  it("waits for a pause, so that what belongs together comes together", async () => {
    const id = await start("sleep 0.3; echo one; sleep 0.02; echo two; sleep 30");
    expect((await read(id, { wait_s: 10 })).output).toBe("one\ntwo\n");
  });

  it("does not wait for what is there already, nor after the end", async () => {
    const id = await start("echo one; sleep 30");
    await read(id, { wait_s: 10 });
    const [long, none] = [{ cursor: 0, wait_s: 45 }, {}];
    expect((await read(id, long)).output).toBe("one\n");
    expect((await read(id, none)).output).toBe("one\n");
    await stop(id);
    expect(await read(id, { wait_s: 45 })).toMatchObject({ status: "killed", exit_code: null });
  });

  it("waits no longer than it is told, and says that it runs", async () => {
    const id = await start("sleep 30");
    expect(await read(id, { wait_s: 1, until: "exit" })).toMatchObject({
      status: "running",
      exit_code: null,
      output: "",
    });
  });

  it("has the last lines, or so many characters, and says what is left out", async () => {
    const id = await start("seq 1 1000");
    await untilEnd(id);
    expect(await read(id, { tail: 2 })).toMatchObject({ output: "999\n1000\n", dropped: 3_884 });
    expect(await read(id, { cursor: 0, max_chars: 4 })).toMatchObject({
      output: "1\n2\n",
      cursor: 4,
      remaining: 3_889,
    });
  });

  it("keeps all of what is long, and the latest of what is too large, and counts what is gone", async () => {
    const id = await start("yes 0123456 | head -c 2000000; echo end");
    const { cursor } = await untilEnd(id);
    expect(cursor).toBe(2_000_004);
    const first = await read(id, { cursor: 0, max_chars: 8 });
    expect(first).toMatchObject({ output: "0123456\n", dropped: 0, remaining: 1_999_996 });
    expect((await read(id, { tail: 1 })).output).toBe("end\n");
    const flood = await start("yes 0123456 | head -c 20000000; echo end");
    const { cursor: end } = await untilEnd(flood);
    const kept = await read(flood, { cursor: 0, max_chars: 8 });
    expect(kept.dropped).toBeGreaterThan(20_000_000 - LOG_LIMITS.maxBytes);
    expect(kept.dropped).toBeLessThan(21_000_000 - LOG_LIMITS.maxBytes);
    expect(kept.remaining + kept.dropped + 8).toBe(end);
  });

  it("refuses what it cannot know", async () => {
    const id = await start("echo one");
    await untilEnd(id);
    const unknown = read("p_000000000000");
    await expect(unknown).rejects.toMatchObject({ code: "process_not_found" });
    await expect(unknown).rejects.toThrow(/p_000000000000/);
    const behind = read(id, { cursor: 5 });
    await expect(behind).rejects.toThrow("`cursor` wants at most 4, where the output ends now.");
    const both = read(id, { cursor: 0, tail: 1 });
    await expect(both).rejects.toMatchObject({ code: "invalid_input" });
    for (const input of [{ wait_s: 46 }, { cursor: -1 }, { tail: 0 }, { max_chars: 100_001 }]) {
      const given = { process_id: id, ...input };
      expect(registry.read_output.input.safeParse(given).success).toBe(false);
    }
  });

  it("waits no more when it is cancelled, and the command goes on [CALL-9]", async () => {
    const id = await start("sleep 30");
    const abort = new AbortController();
    const waiting = read(id, { wait_s: 45 }, { signal: abort.signal });
    abort.abort(new DiscoError("cancelled", "Stop."));
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
    expect((await read(id)).status).toBe("running");
  });
});

describe("progress", () => {
  it("tells who waits what the command says, first of all what it said last", async () => {
    const id = await start("echo one; read go; echo two; sleep 30");
    await read(id, { wait_s: 10 });
    const said: string[] = [];
    const progress = (text: string) => said.push(text);
    const waiting = read(id, { until: "exit", wait_s: 10 }, { progress });
    await send(id, "go");
    await stop(id);
    await waiting;
    expect(said).toEqual(["one\n", "two\n"]);
  });

  it("tells what a command of its own says", async () => {
    const said: string[] = [];
    const input = registry.run_command.input.parse({ command: "echo out; echo err >&2" });
    const progress = (text: string) => said.push(text);
    await terminalHandlers.run_command(input, { ...context, progress });
    expect(said.toSorted()).toEqual(["err\n", "out\n"]);
  });
});

describe("send_input", () => {
  it("answers a prompt, and returns what came since", async () => {
    const id = await start(
      'printf "Name? "; read name; echo "Hello $name"; read more; echo "$more"',
    );
    expect((await read(id, { wait_s: 10 })).output).toBe("Name? ");
    expect(await send(id, "Zoë")).toMatchObject({ status: "running", output: "Hello Zoë\n" });
    await send(id, "a", { enter: false, wait_s: 0 });
    await send(id, "b");
    expect((await untilEnd(id)).output).toBe("Name? Hello Zoë\nab\n");
  });

  it("ends the input with ctrl-D", async () => {
    const id = await start("sort; echo end");
    await send(id, "b\na", { wait_s: 0 });
    const ended = await send(id, "\u0004", { wait_s: 10 });
    expect(ended.output).toContain("a\nb\n");
    expect((await untilEnd(id)).output).toBe("a\nb\nend\n");
    await expect(send(id, "c")).rejects.toMatchObject({ code: "input_closed" });
  });

  it("says when nobody can read it", async () => {
    const given = await start("cat; sleep 30", "all of it");
    await expect(send(given, "x")).rejects.toMatchObject({ code: "input_closed" });
    const ended = await start("true");
    await untilEnd(ended);
    await expect(send(ended, "x")).rejects.toThrow(/has ended/);
    await expect(send("p_none", "x")).rejects.toMatchObject({ code: "process_not_found" });
  });

  it("refuses more than fits, at once and call by call", async () => {
    const id = await start("sleep 30");
    const text = "x".repeat(INPUT_MAX_CHARS);
    const long = { process_id: id, text: `${text}x` };
    expect(registry.send_input.input.safeParse(long).success).toBe(false);
    const calls = Math.ceil(WAITING_MAX_CHARS / INPUT_MAX_CHARS) + 2;
    const sendAll = async () => {
      for (let call = 0; call < calls; call++) await send(id, text, { wait_s: 0 });
    };
    await expect(sendAll()).rejects.toMatchObject({ code: "overloaded" });
  });

  it("writes nothing when it was cancelled before", async () => {
    const id = await start("cat");
    const input = registry.send_input.input.parse({ process_id: id, text: "x" });
    const signal = AbortSignal.abort(new DiscoError("cancelled", "Stop."));
    const sent = processHandlers.send_input(input, { ...context, signal });
    await expect(sent).rejects.toMatchObject({ code: "cancelled" });
    expect(await send(id, "\u0004", { wait_s: 10 })).toMatchObject({ output: "" });
  });
});

describe("stop_process", () => {
  it("stops the whole tree, and does so again without harm", async () => {
    const id = await start("echo up; sleep 30 & sleep 30");
    await read(id, { wait_s: 10 });
    const killed = { status: "killed", exit_code: null };
    expect(await stop(id)).toEqual(killed);
    expect(await stop(id)).toEqual(killed);
    expect((await read(id)).output).toBe("up\n");
  });

  it("kills what ignores TERM", async () => {
    const id = await start("trap '' TERM; echo up; while :; do sleep 0.1; done");
    await read(id, { wait_s: 10 });
    expect(await stop(id)).toMatchObject({ status: "killed" });
  });

  it("lets a program answer ctrl-C, and end as it likes", async () => {
    const id = await start("trap 'echo bye; exit 5' INT; echo up; while :; do sleep 0.1; done");
    await read(id, { wait_s: 10 });
    expect(await stop(id, "INT")).toEqual({ status: "exited", exit_code: 5 });
    expect((await read(id)).output).toBe("up\nbye\n");
  });

  it("says how it ended that has ended, and what it does not know", async () => {
    const id = await start("exit 7");
    await untilEnd(id);
    expect(await stop(id, "KILL")).toEqual({ status: "exited", exit_code: 7 });
    await expect(stop("p_none")).rejects.toMatchObject({ code: "process_not_found" });
  });
});

describe("list_processes", () => {
  it("is empty at first", async () => {
    expect(await list()).toEqual([]);
  });

  it("has what runs, then what ended, the latest first", async () => {
    const [first, second, running] = [
      await start("false"),
      await start("true"),
      await start("cat"),
    ];
    await untilEnd(first);
    await untilEnd(second);
    const rows = await list();
    expect(rows[0]).toMatchObject({
      id: running,
      pid: expect.any(Number),
      command: "cat",
      status: "running",
      client: "Claude",
      ports: [],
    });
    expect(Date.parse(rows[0]?.started ?? "")).toBeGreaterThan(Date.now() - 60_000);
    const ended = rows.slice(1);
    expect(new Set(ended.map(({ id }) => id))).toEqual(new Set([first, second]));
    expect(ended.map(({ pid }) => pid)).toEqual([null, null]);
  });

  it("names ten that ended, not all", async () => {
    for (let index = 0; index < 12; index++) await untilEnd(await start(`exit ${index}`));
    const codes = (await list()).map(({ exit_code: code }) => code);
    expect(codes).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  });
});
