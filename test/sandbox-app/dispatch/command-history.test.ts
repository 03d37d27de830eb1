import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type * as z from "zod";
import { registry } from "#protocol/registry.ts";
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

async function start(command: string): Promise<string> {
  const input = registry.run_command.input.parse({ command, background: true });
  return (await terminalHandlers.run_command(input, context)).process_id ?? "it has no id";
}

describe("list_commands", () => {
  const history = async (input: Partial<z.input<typeof registry.list_commands.input>> = {}) => {
    const parsed = registry.list_commands.input.parse(input);
    return registry.list_commands.output.parse(
      await processHandlers.list_commands(parsed, context),
    );
  };

  it("has what ran, the latest first, with how it ended and how long it took", async () => {
    expect(await history()).toEqual({ commands: [], total: 0, next_cursor: null });
    const first = await start("printf hello; exit 3");
    await context.commands.get(first).ended;
    const second = await start(`sleep 30 # ${"𝄞".repeat(200)}`);
    const { commands, total } = await history();
    expect(total).toBe(2);
    expect(commands).toMatchObject([
      { process_id: second, status: "running", exit_code: null, client: "Claude" },
      { process_id: first, status: "exited", exit_code: 3, output_chars: 5 },
    ]);
    expect(commands[0]?.command).toMatch(/^sleep 30 # 𝄞.*𝄞.?…$/u);
    expect(commands[0]?.command.isWellFormed()).toBe(true);
    expect(commands[1]?.command).toBe("printf hello; exit 3");
    expect(Date.parse(commands[1]?.started ?? "")).toBeGreaterThan(Date.now() - 60_000);
    const { duration_ms: ran = 0 } = commands[1] ?? {};
    expect((await history()).commands[1]?.duration_ms).toBe(ran);
  });

  it("goes on page by page, also while others start", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) ids.unshift(await start(`exit ${index}`));
    const page = await history({ limit: 2 });
    expect(page.commands.map(({ process_id: id }) => id)).toEqual(ids.slice(0, 2));
    await start("true");
    const seen: string[] = [];
    for (let cursor = page.next_cursor; cursor !== null;) {
      const next = await history({ limit: 2, cursor });
      seen.push(...next.commands.map(({ process_id: id }) => id));
      cursor = next.next_cursor;
    }
    expect(seen).toEqual(ids.slice(2));
    expect(await history({ cursor: 1 })).toMatchObject({ commands: [], next_cursor: null });
  });
});
