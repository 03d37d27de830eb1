import fs from "node:fs/promises";
import path from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { failureOf, type ToolResult } from "./face-errors.ts";
import { reached, type StartedTab, type TabRig } from "./tab-rig.ts";

type Args = Record<string, unknown>;

/** A client of a container whose runtime stalls when the test says so. */
export class ToolStage {
  readonly client: Client;
  readonly gate: Gate;
  readonly #opened: StartedTab;

  private constructor(client: Client, gate: Gate, opened: StartedTab) {
    this.client = client;
    this.gate = gate;
    this.#opened = opened;
  }

  static async open(rig: TabRig): Promise<ToolStage> {
    const opened = await rig.startTab();
    const gate = new Gate();
    opened.tab.ready(gate.before(opened.runtime));
    await reached(opened.link, "attached");
    const { mcp, token } = rig.endpoint;
    const client = new Client(
      { name: "tool tests", version: "1" },
      { versionNegotiation: { mode: "auto" } },
    );
    const headers = { Authorization: `Bearer ${token}` };
    const transport = new StreamableHTTPClientTransport(new URL(mcp), { requestInit: { headers } });
    await client.connect(transport);
    return new ToolStage(client, gate, opened);
  }

  // Fields, because rows take them apart.
  readonly put = async (name: string, content: string | Uint8Array): Promise<void> => {
    await fs.mkdir(path.dirname(this.#at(name)), { recursive: true });
    await fs.writeFile(this.#at(name), content);
  };

  readonly textOf = (name: string): Promise<string | null> =>
    fs.readFile(this.#at(name), "utf8").catch(() => null);

  /** @throws Error with what the tool said when it answers with an error */
  readonly call = async (name: string, args: object): Promise<Args> => {
    const result = await this.client.callTool({ name, arguments: { ...args } });
    if (result.isError) throw new Error(JSON.stringify(result.content));
    return result.structuredContent as Args;
  };

  async failure(name: string, args: object) {
    const result = await this.client.callTool({ name, arguments: { ...args } });
    return failureOf(result as ToolResult);
  }

  /** Every file of the workspace, and its text. */
  async everything(): Promise<Record<string, string | null>> {
    const names = await fs.readdir(this.#opened.runtime.root, { recursive: true });
    const texts = names.toSorted().map(async (name) => [name, await this.textOf(name)] as const);
    return Object.fromEntries(await Promise.all(texts));
  }

  /** The calls that the page was told of, and how they ended; null: they run. */
  ends(): Map<string, { readonly operation: string; readonly end: string | null }> {
    const calls = new Map<string, { readonly operation: string; readonly end: string | null }>();
    for (const event of this.#opened.events) {
      if (event.kind !== "call") continue;
      const { call } = event;
      const known = calls.get(call.call);
      if (call.type === "started") calls.set(call.call, { operation: call.operation, end: null });
      if (call.type !== "ended" || known === undefined) continue;
      calls.set(call.call, { ...known, end: call.outcome.ok ? "ok" : call.outcome.error.code });
    }
    return calls;
  }

  async close(): Promise<void> {
    this.gate.open();
    await this.client.close();
  }

  #at(name: string): string {
    return path.join(this.#opened.runtime.root, name);
  }
}

/** While it is shut, all waits that a handler asks of the runtime first. */
class Gate {
  #opened = Promise.resolve();
  #open = (): void => {};

  shut(): void {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
  }

  before(runtime: Runtime): Runtime {
    const { files } = runtime;
    return {
      ...runtime,
      processes: () => this.#opened.then(() => runtime.processes()),
      files: {
        ...files,
        realpath: (file) => this.#opened.then(() => files.realpath(file)),
        scan: (directory, options) => this.#opened.then(() => files.scan(directory, options)),
      },
    };
  }
}
