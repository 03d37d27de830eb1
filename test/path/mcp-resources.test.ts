import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { WorkFrame } from "#protocol/frames.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";

interface Content {
  uri: string;
  mimeType?: string;
  text?: string;
  blob?: string;
}

/** What the three clients have in common, as these tests use it. */
interface AnyClient {
  listResources(): Promise<{ resources: unknown[] }>;
  listResourceTemplates(): Promise<{ resourceTemplates: { uriTemplate: string }[] }>;
  readResource(params: { uri: string }): Promise<{ contents: Content[] }>;
  listPrompts(): Promise<{ prompts: { name: string }[] }>;
  getPrompt(params: {
    name: string;
    arguments?: Record<string, string>;
  }): Promise<{ messages: { role: string; content: { type: string; text?: string } }[] }>;
  close(): Promise<void>;
}

const png = Buffer.from("\x89PNG\r\n\x1A\n\0", "latin1");
const files = new Map([
  ["src/täglich.ts", { bytes: Buffer.from("\uFEFFone\r\ntwo"), media_type: "text/plain" }],
  ["a.png", { bytes: png, media_type: "image/png" }],
]);
const seen: WorkFrame[] = [];
const open: AnyClient[] = [];
let rig: EdgeRig;

beforeAll(async () => {
  rig = await EdgeRig.start();
  await rig.attach((work) => {
    seen.push(work);
    const path = String(work.input["path"]);
    const file = files.get(path);
    if (path.startsWith("..")) {
      const error = { code: "path_outside_workspace", message: `${path} is not inside.` } as const;
      return { ok: false, error };
    }
    if (file === undefined) {
      return { ok: false, error: { code: "file_not_found", message: `There is no ${path}.` } };
    }
    const none = { start: 0, end: 0, total_lines: 0, next_offset: null, cut_lines: 0, image: null };
    const { bytes, media_type } = file;
    const about = { path, media_type, bytes: bytes.length, hash: "0".repeat(64) };
    const text = bytes.toString("base64");
    return { ok: true, output: { ...about, ...none, encoding: "base64", text } };
  });
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});
afterAll(() => rig.close());

const endpoint = () => new URL("/mcp", rig.worker.url);
const requestInit = () => ({ headers: rig.auth });

async function newClient(mode: "legacy" | { pin: "2026-07-28" }): Promise<AnyClient> {
  const info = { name: "a client", version: "1.0.0" };
  const client = new Client(info, { versionNegotiation: { mode } });
  const transport = new StreamableHTTPClientTransport(endpoint(), { requestInit: requestInit() });
  await client.connect(transport);
  return client as unknown as AnyClient;
}

async function oldClient(): Promise<AnyClient> {
  const client = new OldClient({ name: "old client", version: "1.0.0" });
  await client.connect(new OldTransport(endpoint(), { requestInit: requestInit() }));
  return client as unknown as AnyClient;
}

const eras: [string, () => Promise<AnyClient>][] = [
  ["the v2 client, 2026-07-28", () => newClient({ pin: "2026-07-28" })],
  ["the v2 client, 2025", () => newClient("legacy")],
  ["the v1 SDK's client", oldClient],
];

describe.each(eras)("%s", (_name, connect) => {
  async function connected(): Promise<AnyClient> {
    const client = await connect();
    open.push(client);
    return client;
  }

  it("finds how files are named", async () => {
    const client = await connected();
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "disco://container/{id}/file/{+path}",
      "disco://container/{id}/log/{process}{?cursor}",
    ]);
    expect((await client.listResources()).resources).toEqual([]);
  });

  it("reads text exactly, and other bytes as a blob, by read_file", async () => {
    const client = await connected();
    const id = await rig.container();
    const text = `disco://container/${id}/file/src/t%C3%A4glich.ts`;
    expect((await client.readResource({ uri: text })).contents).toEqual([
      { uri: text, mimeType: "text/plain", text: "\uFEFFone\r\ntwo" },
    ]);
    expect(seen.at(-1)).toMatchObject({
      operation: "read_file",
      input: { path: "src/täglich.ts", encoding: "base64" },
    });
    const image = "disco://container/current/file/a.png";
    expect((await client.readResource({ uri: image })).contents).toEqual([
      { uri: image, mimeType: "image/png", blob: png.toString("base64") },
    ]);
  });

  it.each([
    ["disco://container/current/file/none", /There is no none.*Next: Call list_files/],
    ["disco://container/current/file/../../etc/passwd", /path_outside_workspace/],
    ["disco://container/c_of_somebody_else/file/a.png", /container_not_found/],
    ["disco://elsewhere", /No resource has this URI/],
  ])("is refused %s", async (uri, message) => {
    const client = await connected();
    await expect(client.readResource({ uri })).rejects.toThrow(message);
  });

  it("offers the prompts, and fills them", async () => {
    const client = await connected();
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual([
      "setup_project",
      "debug_failure",
      "review_changes",
    ]);
    const given = { name: "debug_failure", arguments: { command: "npm test" } };
    const { messages } = await client.getPrompt(given);
    expect(messages).toMatchObject([{ role: "user", content: { type: "text" } }]);
    expect(messages[0]?.content.text).toContain("fails in the container: npm test");
    await expect(client.getPrompt({ name: "debug_failure" })).rejects.toThrow(/command/);
    await expect(client.getPrompt({ name: "none" })).rejects.toThrow(/There is no prompt/);
  });
});
