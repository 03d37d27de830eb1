import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TabRig } from "#test/support/tab-rig.ts";

interface Progress {
  progress: number;
  message?: string | undefined;
}

interface Content {
  type: string;
  text?: string;
  uri?: string;
}

interface Options {
  onprogress: (progress: Progress) => void;
}

/** What the three clients have in common, as these tests use it. */
interface AnyClient {
  callTool(
    call: { name: string; arguments: object },
    options?: Options,
  ): Promise<{ content: Content[]; structuredContent?: Record<string, unknown> }>;
  readResource(params: { uri: string }): Promise<{
    contents: { uri: string; mimeType?: string; text?: string; _meta?: Record<string, object> }[];
  }>;
  close(): Promise<void>;
}

let rig: TabRig;
let client: AnyClient;

beforeAll(async () => {
  rig = await TabRig.start();
});
beforeEach(async () => {
  await rig.readyTab();
});
afterEach(async () => {
  await client.close();
  await rig.closeTabs();
});
afterAll(() => rig.close());

const requestInit = () => ({ headers: rig.edge.auth });
const endpoint = () => new URL(rig.endpoint.mcp);

async function newClient(mode: "legacy" | { pin: "2026-07-28" }): Promise<AnyClient> {
  const made = new Client({ name: "a client", version: "1" }, { versionNegotiation: { mode } });
  const transport = new StreamableHTTPClientTransport(endpoint(), { requestInit: requestInit() });
  await made.connect(transport);
  return made as unknown as AnyClient;
}

async function oldClient(): Promise<AnyClient> {
  const made = new OldClient({ name: "old client", version: "1" });
  await made.connect(new OldTransport(endpoint(), { requestInit: requestInit() }));
  const callTool: AnyClient["callTool"] = (call, options) =>
    made.callTool(call as never, undefined, options) as never;
  return {
    callTool,
    readResource: (given) => made.readResource(given) as never,
    close: () => made.close(),
  };
}

const eras: [string, () => Promise<AnyClient>][] = [
  ["the v2 client, 2026-07-28", () => newClient({ pin: "2026-07-28" })],
  ["the v2 client, 2025", () => newClient("legacy")],
  ["the v1 SDK's client", oldClient],
];

const run = (command: string, more: object = {}, options?: Options) =>
  client.callTool({ name: "run_command", arguments: { command, ...more } }, options);

const linksOf = ({ content }: { content: Content[] }) =>
  content.flatMap(({ type, uri }) => (type === "resource_link" ? [uri ?? ""] : []));

const logMetaOf = ([first]: { _meta?: Record<string, object> }[]) => {
  const { _meta: meta } = first ?? {};
  return meta?.["disco/log"];
};

const numbers = (last: number) =>
  Array.from({ length: last }, (_, index) => `${index + 1}\n`).join("");

describe.each(eras)("%s", (_name, connect) => {
  beforeEach(async () => {
    client = await connect();
  });

  it("finds beside a shortened result the whole log as a resource", async () => {
    const ran = await run("seq 1 20000");
    const id = String(ran.structuredContent?.["process_id"]);
    const uri = `disco://container/${rig.container}/log/${id}`;
    expect(linksOf(ran)).toEqual([uri]);
    const { contents } = await client.readResource({ uri });
    expect(contents).toMatchObject([{ uri, mimeType: "text/plain" }]);
    expect(contents[0]?.text === numbers(20_000)).toBe(true);
    const { length } = numbers(20_000);
    const told = { status: "exited", exit_code: 0, cursor: length, remaining: 0, dropped: 0 };
    expect(logMetaOf(contents)).toEqual({ ...told, next: null });
    const tail = { name: "read_output", arguments: { process_id: id, tail: 1 } };
    expect(linksOf(await client.callTool(tail))).toEqual([uri]);
    expect(linksOf(await run("echo short"))).toEqual([]);
  });

  it("reads a very long log in parts, and is told what is not kept", async () => {
    const ran = await run("seq 1 3000000", { timeout_s: 40 });
    const { length } = numbers(3_000_000);
    expect(ran.structuredContent).toMatchObject({ status: "exited", cursor: length });
    const [uri = ""] = linksOf(ran);
    const { contents } = await client.readResource({ uri });
    const [first] = contents;
    const meta = logMetaOf(contents) as { cursor: number; dropped: number; next: string };
    expect(meta).toMatchObject({ next: `${uri}?cursor=${meta.cursor}` });
    expect(meta.dropped).toBeGreaterThan(length - 17 * 1_024 * 1_024);
    const [head, ...lines] = (first?.text ?? "").split("\n");
    expect(head).toBe(`… ${meta.dropped} characters are not kept …`);
    expect(lines.at(-2)).toBe(`… ${length - meta.cursor} characters follow: ${meta.next} …`);
    const end = await client.readResource({ uri: `${uri}?cursor=${length - 16}` });
    expect(end.contents[0]?.text).toBe("2999999\n3000000\n");
  });

  it.each([
    ["disco://container/current/log/p_000000000000", /process_not_found|no process/],
    ["disco://container/c_of_somebody_else/log/p_1", /container_not_found/],
    ["disco://container/current/log/ID?cursor=1000", /invalid_input: .*cursor/],
    ["disco://container/current/log/ID?tail=1", /No resource has this URI/],
  ])("is refused %s", async (uri, message) => {
    const { structuredContent } = await run("true", { background: true });
    const named = uri.replace("ID", String(structuredContent?.["process_id"]));
    await expect(client.readResource({ uri: named })).rejects.toThrow(message);
  });

  it("is told while a command runs what it said last, and nothing after the result [CALL-12]", async () => {
    const seen: Progress[] = [];
    const onprogress = (progress: Progress) => seen.push(progress);
    const command = String.raw`printf 'one\n'; sleep 1; printf '\033[32mtäg\u202elich 🎈\033[0m\r'; sleep 1.5`;
    await run(command, {}, { onprogress });
    expect(seen).toMatchObject([{ progress: 2, message: "täg lich 🎈" }]);
    const started = await run("echo waiting; sleep 2.5; exit 3", { background: true });
    const id = String(started.structuredContent?.["process_id"]);
    const waited = await client.callTool({ name: "wait_for", arguments: { id } }, { onprogress });
    expect(waited.structuredContent).toMatchObject({ state: "exited" });
    expect(seen.map(({ message }) => message)).toEqual(["täg lich 🎈", "waiting"]);
  });
});

it("gives no link to a client of a revision that knows none", async () => {
  client = { close: () => Promise.resolve() } as AnyClient;
  const headers = {
    ...rig.edge.auth,
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
  };
  const send = (body: object, more: Record<string, string> = {}) =>
    rig.edge.api("/mcp", {
      method: "POST",
      headers: { ...headers, ...more },
      body: JSON.stringify({ jsonrpc: "2.0", ...body }),
    });
  const protocolVersion = "2025-03-26";
  const clientInfo = { name: "an older client", version: "1" };
  const hello = await send({
    id: 1,
    method: "initialize",
    params: { protocolVersion, capabilities: {}, clientInfo },
  });
  expect(await hello.text()).toContain(`"protocolVersion":"${protocolVersion}"`);
  const session = { "Mcp-Session-Id": hello.headers.get("Mcp-Session-Id") ?? "" };
  await (await send({ method: "notifications/initialized" }, session)).text();
  const params = { name: "run_command", arguments: { command: "seq 1 20000" } };
  const answer = await send({ id: 2, method: "tools/call", params }, session);
  const text = await answer.text();
  expect(text).toContain("lines omitted");
  expect(text).not.toContain("resource_link");
});
