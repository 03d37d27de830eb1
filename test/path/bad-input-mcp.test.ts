import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CALL_TIMEOUT_DEFAULT_MS, REQUEST_BODY_MAX_BYTES } from "#protocol/limits.ts";
import { EdgeRig, TEST_REALM, TEST_SECRET } from "#test/support/edge-rig.ts";
import {
  failure,
  failureOf,
  rpcFailure,
  rpcFailureOf,
  type ToolResult,
} from "#test/support/face-errors.ts";
import { smallWorkspace } from "#test/support/small-workspace.ts";
import { mintLocalToken, mintToken } from "#worker/identity/tokens.ts";

let rig: EdgeRig;
/** A second worker, to which no tab is attached. */
let empty: EdgeRig;

beforeAll(async () => {
  rig = await EdgeRig.start();
  empty = await EdgeRig.start();
  await rig.attach(smallWorkspace(new Map([["a.txt", "a\n"]])));
});
afterAll(async () => {
  await rig.close();
  await empty.close();
});

const rpc = {
  "Content-Type": "application/json",
  Accept: "application/json, text/event-stream",
};

const envelope = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

function post(body: string, headers: Record<string, string> = {}, target = rig) {
  return target.api("/mcp", { method: "POST", headers: { ...rpc, ...headers }, body });
}

/** One tools/call of 2026-07-28: its result is the answer, or stands in the last event of a stream. */
async function callTool(
  name: string,
  args: object,
  target = rig,
  token = target.token,
): Promise<ToolResult> {
  const params = { name, arguments: args, _meta: envelope };
  const headers = {
    "Mcp-Protocol-Version": "2026-07-28",
    "Mcp-Method": "tools/call",
    "Mcp-Name": name,
    Authorization: `Bearer ${token}`,
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
  const text = await (await post(body, headers, target)).text();
  const events = text.split("\n").filter((line) => line.startsWith("data: "));
  return (JSON.parse(events.at(-1)?.slice(6) ?? text) as { result: ToolResult }).result;
}

describe("a tool call that fails is a result with isError and a next step", () => {
  it("of a tool that is not there", async () => {
    const seen = failureOf(await callTool("make_coffee", {}));
    expect(seen).toMatchObject(failure("unknown_operation"));
  });

  it("with wrong arguments, each named with what it wants", async () => {
    const seen = failureOf(await callTool("read_file", { limit: 0, file: "a.txt" }));
    expect(seen).toMatchObject(failure("invalid_input"));
    expect(seen.text).toContain("`path` or `paths` is wanted");
    expect(seen.text).toContain("`limit` wants at least 1");
    expect(seen.text).toContain("`file` is no argument");
    expect(seen.details?.["issues"]).toHaveLength(3);
    const container = failureOf(await callTool("read_file", { path: "a.txt", container: 5 }));
    expect(container).toMatchObject(failure("invalid_input"));
  });

  it("for a container of somebody else, or of nobody", async () => {
    const seen = failureOf(await callTool("list_files", { container: "c_0000" }));
    expect(seen).toMatchObject(failure("container_not_found"));
  });

  it("for a path that leaves the workspace", async () => {
    const seen = failureOf(await callTool("read_file", { path: "../../etc/passwd" }));
    expect(seen).toMatchObject(failure("path_outside_workspace"));
  });

  it("with a token without the scope", async () => {
    const claims = { sub: "local", client_id: "r", client_name: "r", scope: "files:read" };
    const reader = await mintToken(TEST_REALM, "local", claims);
    const details = { scope: "containers:read" };
    const result = await callTool("container_status", {}, rig, reader);
    expect(failureOf(result)).toMatchObject(failure("insufficient_scope", { details }));
    // ChatGPT offers to sign in again only when it finds the challenge here.
    const { _meta: meta = {} } = result;
    expect(meta["mcp/www_authenticate"]).toEqual([
      expect.stringMatching(/^Bearer .*error="insufficient_scope", scope="containers:read"/),
    ]);
  });

  it("with no tab attached: soon, with the URL to open [END-5]", async () => {
    const open_url = `${empty.page}/sandbox`;
    const started = Date.now();
    const seen = failureOf(await callTool("run_command", { command: "ls" }, empty));
    expect(Date.now() - started).toBeLessThan(CALL_TIMEOUT_DEFAULT_MS / 3);
    expect(seen).toMatchObject(failure("tab_not_attached", { details: { open_url } }));
    expect(seen.text).toContain(open_url);
  });
});

describe("a request that is no message is refused by HTTP, in JSON-RPC", () => {
  it("over the limit", async () => {
    const seen = await rpcFailureOf(await post("x".repeat(REQUEST_BODY_MAX_BYTES + 1)));
    expect(seen).toMatchObject(rpcFailure("too_large"));
  });

  it("without JSON", async () => {
    expect(await rpcFailureOf(await post("{"))).toMatchObject(rpcFailure("invalid_json"));
    const text = await post("a=1", { "Content-Type": "text/plain" });
    expect(await rpcFailureOf(text)).toMatchObject(rpcFailure("unsupported_media_type"));
  });

  it.each(["null", "5", "[]", '"x"', "{}"])("with the JSON %s", async (body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ jsonrpc: "2.0", error: {} });
  });

  it.each([
    ["no session", { method: "tools/list" }, {}, 400, "send initialize by itself"],
    ["a batch", [{ method: "tools/list" }], {}, 400, "send initialize by itself"],
    ["too narrow an Accept", { method: "initialize" }, { Accept: "*/*" }, 406, "send `Accept: "],
    ["a session of nobody", { method: "ping" }, { "Mcp-Session-Id": "x" }, 404, "send initialize"],
  ])("with %s, and the next step", async (_what, message, headers, status, next) => {
    const full = (one: object) => ({ jsonrpc: "2.0", id: 1, ...one });
    const body = Array.isArray(message) ? message.map(full) : full(message);
    const answer = await post(JSON.stringify(body), headers);
    const { error } = (await answer.json()) as { error: { message: string } };
    expect([answer.status, error.message]).toEqual([
      status,
      expect.stringContaining(`Next: ${next}`),
    ]);
  });

  it("from a foreign Origin", async () => {
    const runtime = `http://rt.disco.localhost:${rig.worker.url.port}`;
    for (const Origin of ["https://evil.example", "null", "http://claude.ai", runtime]) {
      const seen = await rpcFailureOf(await post("{}", { Origin }));
      expect(seen).toMatchObject(rpcFailure("origin_not_allowed"));
    }
  });

  it("at a foreign Host", async () => {
    const url = `http://evil.example:${rig.worker.url.port}/mcp`;
    const answer = await rig.api(url, { method: "POST", headers: rpc, body: "{}" });
    expect(await rpcFailureOf(answer)).toMatchObject(rpcFailure("host_not_allowed"));
  });

  it("without a token", async () => {
    const answer = await rig.worker.fetch("/mcp", { method: "POST", headers: rpc, body: "{}" });
    const metadata = `http://localhost:${rig.worker.url.port}/.well-known/oauth-protected-resource/mcp`;
    const challenge = `Bearer realm="disco", resource_metadata="${metadata}"`;
    expect(answer.headers.get("WWW-Authenticate")).toBe(challenge);
    expect(await rpcFailureOf(answer)).toMatchObject(rpcFailure("unauthenticated"));
  });

  it("with a wrong token", async () => {
    const foreign = await mintLocalToken(`${TEST_SECRET}, another`);
    for (const Authorization of ["Bearer nonsense", "Basic eDp5", `Bearer ${foreign}`]) {
      const answer = await post("{}", { Authorization });
      expect(answer.headers.get("WWW-Authenticate")).toContain('error="invalid_token"');
      expect(await rpcFailureOf(answer)).toMatchObject(rpcFailure("unauthenticated"));
    }
  });
});
