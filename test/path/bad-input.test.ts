import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeError, errorCatalogue, type ErrorCode } from "#protocol/errors.ts";
import { REQUEST_BODY_MAX_BYTES } from "#protocol/limits.ts";
import { EdgeRig, TEST_SECRET } from "#test/support/edge-rig.ts";
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

interface Problem {
  code: string;
  status: number;
  next: string;
  detail: string;
  details?: Record<string, unknown>;
}

const json = { "Content-Type": "application/json" };
const rpc = { ...json, Accept: "application/json, text/event-stream" };
const readFile = "/api/v1/files/current/content";

/** The problem document, after what every one of them must be. */
async function problemOf(answer: Awaited<ReturnType<EdgeRig["api"]>>, code: ErrorCode) {
  const problem = (await answer.json()) as Problem;
  const { status, next } = errorCatalogue[code];
  expect(problem).toMatchObject({ code, status, next });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  return problem;
}

const envelope = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

function post(body: string, headers: Record<string, string> = {}, target = rig) {
  return target.api("/mcp", { method: "POST", headers: { ...rpc, ...headers }, body });
}

/** One tools/call of 2026-07-28: its result stands in the last event of the stream. */
async function callTool(name: string, args: unknown, target = rig, token = target.token) {
  const params = { name, arguments: args, _meta: envelope };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
  const headers = {
    "Mcp-Protocol-Version": "2026-07-28",
    "Mcp-Method": "tools/call",
    "Mcp-Name": name,
    Authorization: `Bearer ${token}`,
  };
  const answer = await post(body, headers, target);
  expect(answer.status).toBe(200);
  const events = (await answer.text()).split("\n").filter((line) => line.startsWith("data: "));
  const message = JSON.parse(events.at(-1)?.slice(6) ?? "{}") as { result?: ToolResult };
  return message.result as ToolResult;
}

interface ToolResult {
  isError?: boolean;
  content: [{ text: string }];
  _meta?: Record<string, { code: string; details?: Record<string, unknown> }>;
}

/** A failed tool, after what every failure must be: isError, the code first, the next step last. */
function failureOf(result: ToolResult, code: ErrorCode) {
  expect(result.isError).toBe(true);
  const error = result._meta?.["disco/error"];
  expect(error).toMatchObject({ code, next: errorCatalogue[code].next });
  const { text } = result.content[0];
  expect(text.startsWith(`${code}: `)).toBe(true);
  expect(text.endsWith(`Next: ${errorCatalogue[code].next}`)).toBe(true);
  return { text, details: error?.details };
}

/** An MCP request that never became a message: HTTP status, and a JSON-RPC error that says why. */
async function rpcFailureOf(answer: Awaited<ReturnType<EdgeRig["api"]>>, code: ErrorCode) {
  expect(answer.status).toBe(errorCatalogue[code].status);
  const message = (await answer.json()) as {
    id: null;
    error: { code: number; message: string; data: { code: string } };
  };
  expect(message.id).toBeNull();
  expect(message.error.data.code).toBe(code);
  expect(message.error.message).toContain(errorCatalogue[code].next);
  return message.error;
}

describe("an unknown operation", () => {
  it("REST", async () => {
    await problemOf(await rig.api("/api/v1/nothing/current"), "route_not_found");
  });
  it("MCP", async () => {
    failureOf(await callTool("make_coffee", {}), "unknown_operation");
  });
});

describe("wrong arguments", () => {
  it("REST names each of them and what it wants", async () => {
    const answer = await rig.api("/api/v1/files/current?depth=99&limit=many&colour=red");
    const { detail, details } = await problemOf(answer, "invalid_input");
    expect(detail).toBe(
      'list_files: `depth` wants at most 20; `limit` wants number, not string; "colour" is no ' +
        "argument of this operation (it takes path, depth, limit).",
    );
    expect(details?.["issues"]).toHaveLength(3);
  });
  it("REST: an argument given twice, and one in the wrong place", async () => {
    await problemOf(await rig.api(`${readFile}?path=a&path=b`), "invalid_input");
    const body = JSON.stringify({ path: "a", content: "" });
    const init = { method: "PUT", headers: json, body };
    await problemOf(await rig.api("/api/v1/files/current?mode=append", init), "invalid_input");
  });
  it("MCP names each of them and what it wants", async () => {
    const result = await callTool("read_file", { limit: 0, file: "a.txt" });
    const { text, details } = failureOf(result, "invalid_input");
    expect(text).toContain("`path` is missing (wants string)");
    expect(text).toContain("`limit` wants at least 1");
    expect(text).toContain('"file" is no argument');
    expect(details?.["issues"]).toHaveLength(3);
    failureOf(await callTool("read_file", { path: "a.txt", container: 5 }), "invalid_input");
  });
});

describe("a container that is not the user's", () => {
  it("REST", async () => {
    await problemOf(await rig.api("/api/v1/files/c_0000"), "container_not_found");
  });
  it("MCP", async () => {
    failureOf(await callTool("list_files", { container: "c_0000" }), "container_not_found");
  });
});

describe("a path that leaves the workspace", () => {
  it("REST", async () => {
    const answer = await rig.api(`${readFile}?path=${encodeURIComponent("../../etc/passwd")}`);
    await problemOf(answer, "path_outside_workspace");
  });
  it("MCP", async () => {
    const result = await callTool("read_file", { path: "../../etc/passwd" });
    failureOf(result, "path_outside_workspace");
  });
});

describe("a body over the limit", () => {
  const big = "x".repeat(REQUEST_BODY_MAX_BYTES + 1);
  /** Without Content-Length: the limit must be counted, not believed. */
  const chunked = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        const piece = new Uint8Array(1024 * 1024).fill(120);
        for (let sent = 0; sent <= REQUEST_BODY_MAX_BYTES; sent += piece.length) {
          controller.enqueue(piece);
        }
        controller.close();
      },
    });

  it.each(["declared", "chunked"])("REST, %s", async (how) => {
    const body = how === "declared" ? big : chunked();
    const init = { method: "PUT", headers: json, body, duplex: "half" as const };
    const answer = await rig.api("/api/v1/files/current", init as Parameters<typeof rig.api>[1]);
    const { details } = await problemOf(answer, "too_large");
    expect(details).toEqual({ max_bytes: REQUEST_BODY_MAX_BYTES });
  });
  it("MCP", async () => {
    await rpcFailureOf(await post(big), "too_large");
  });
});

describe("JSON that is none", () => {
  const write = (body: string | Uint8Array, type = "application/json") =>
    rig.api("/api/v1/files/current", {
      method: "PUT",
      headers: { "Content-Type": type },
      body,
    });

  it("REST", async () => {
    await problemOf(await write("{"), "invalid_json");
    await problemOf(await write(""), "invalid_json");
    await problemOf(await write(new Uint8Array([0x22, 0xff, 0x22])), "invalid_json");
    await problemOf(await write("[1]"), "invalid_input");
    await problemOf(
      await write("path=a", "application/x-www-form-urlencoded"),
      "unsupported_media_type",
    );
  });
  it("MCP", async () => {
    expect((await rpcFailureOf(await post("{"), "invalid_json")).code).toBe(-32_700);
    await rpcFailureOf(
      await post("a=1", { "Content-Type": "text/plain" }),
      "unsupported_media_type",
    );
    for (const odd of ["null", "5", "[]", '"x"']) {
      const answer = await post(odd);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ jsonrpc: "2.0", error: {} });
    }
  });
});

describe("a foreign Origin", () => {
  const origins = () => [
    "https://evil.example",
    "https://chatgpt.com.evil.example",
    "http://chatgpt.com",
    "null",
    `http://rt.disco.localhost:${rig.worker.url.port}`,
  ];
  it("REST", async () => {
    for (const Origin of origins()) {
      const answer = await rig.api("/api/v1/files/current", { headers: { Origin } });
      await problemOf(answer, "origin_not_allowed");
      expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
    }
  });
  it("MCP", async () => {
    for (const Origin of origins()) {
      await rpcFailureOf(await post("{}", { Origin }), "origin_not_allowed");
    }
  });
});

describe("a foreign Host", () => {
  const at = (path: string) => `http://evil.example:${rig.worker.url.port}${path}`;
  it("REST", async () => {
    await problemOf(await rig.api(at("/api/v1/files/current")), "host_not_allowed");
    await problemOf(await rig.api("http://disco.localhost.evil.example/"), "host_not_allowed");
  });
  it("MCP", async () => {
    const answer = await rig.api(at("/mcp"), { method: "POST", headers: rpc, body: "{}" });
    await rpcFailureOf(answer, "host_not_allowed");
  });
});

describe("no token, or a wrong one", () => {
  const wrong = async () => [
    "Bearer nonsense",
    "Basic bG9jYWw6bG9jYWw=",
    `Bearer ${await mintLocalToken(`${TEST_SECRET}, another`)}`,
    `Bearer ${await mintToken(TEST_SECRET, "browser", { sub: "local", name: "You" })}`,
  ];
  it("REST", async () => {
    const none = await rig.worker.fetch("/api/v1/files/current");
    await problemOf(none, "unauthenticated");
    expect(none.headers.get("WWW-Authenticate")).toBe('Bearer realm="disco"');
    for (const Authorization of await wrong()) {
      const answer = await rig.api("/api/v1/files/current", { headers: { Authorization } });
      await problemOf(answer, "unauthenticated");
      expect(answer.headers.get("WWW-Authenticate")).toContain('error="invalid_token"');
    }
  });
  it("MCP", async () => {
    const none = await rig.worker.fetch("/mcp", { method: "POST", headers: rpc, body: "{}" });
    await rpcFailureOf(none, "unauthenticated");
    expect(none.headers.get("WWW-Authenticate")).toBe('Bearer realm="disco"');
    for (const Authorization of await wrong()) {
      await rpcFailureOf(await post("{}", { Authorization }), "unauthenticated");
    }
  });
});

describe("a token without the scope", () => {
  const reader = () =>
    mintToken(TEST_SECRET, "api", {
      sub: "local",
      client_id: "reader",
      client_name: "reader",
      scope: "files:read nonsense:scope",
    });
  it("REST", async () => {
    const Authorization = `Bearer ${await reader()}`;
    const answer = await rig.api("/api/v1/containers/current", { headers: { Authorization } });
    await problemOf(answer, "insufficient_scope");
    expect(answer.headers.get("WWW-Authenticate")).toBe(
      'Bearer realm="disco", error="insufficient_scope", scope="containers:read"',
    );
    const allowed = await rig.api("/api/v1/files/current", { headers: { Authorization } });
    expect(allowed.status).toBe(200);
    await allowed.text();
  });
  it("MCP", async () => {
    const result = await callTool("container_status", {}, rig, await reader());
    expect(failureOf(result, "insufficient_scope").details).toEqual({ scope: "containers:read" });
  });
});

describe("no tab attached", () => {
  const url = () => `${empty.page}/sandbox`;
  it("REST, within 2 s and with the URL to open [END-5]", async () => {
    const started = Date.now();
    const answer = await empty.api("/api/v1/files/current");
    const { detail, details } = await problemOf(answer, "tab_not_attached");
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(details).toEqual({ open_url: url() });
    expect(detail).toContain(url());
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
  });
  it("MCP, within 2 s and with the URL to open [END-5]", async () => {
    const started = Date.now();
    const result = await callTool("run_command", { command: "ls" }, empty);
    const { text, details } = failureOf(result, "tab_not_attached");
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(details).toEqual({ open_url: url() });
    expect(text).toContain(url());
    expect(text).toBe(
      describeError({ code: "tab_not_attached", message: text.split(/^\w+: | Next: /)[1] ?? "" }),
    );
  });
});

describe("a method that a route does not take", () => {
  it("REST", async () => {
    const answer = await rig.api("/api/v1/files/current", { method: "DELETE" });
    await problemOf(answer, "method_not_allowed");
    expect(answer.headers.get("Allow")).toBe("GET, PUT, HEAD, OPTIONS");
  });
});
