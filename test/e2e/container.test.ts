import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ContainerShell, expectRegistry } from "#test/support/container-shell.ts";
import { type TestDisco, startTestDisco } from "#test/support/disco-process.ts";
import { talkTo } from "#test/support/stdio-server.ts";

let running: TestDisco;
let shell: ContainerShell;

beforeAll(async () => {
  await expectRegistry();
  running = await startTestDisco();
  shell = await ContainerShell.connect(running.disco.ready);
});
afterAll(async () => {
  await shell?.close();
  await running?.stop();
});

const PORT = 4_321;
const SERVER = `
import express from "express";
const app = express();
app.use(express.json());
app.get("/hello/:name", (request, response) => response.json({ hello: request.params.name }));
app.post("/sum", (request, response) => response.json({ sum: request.body.a + request.body.b }));
app.get("/events", (request, response) => {
  response.set("content-type", "text/event-stream");
  let n = 0;
  const timer = setInterval(() => response.write("data: " + ++n + "\\n\\n"), 100);
  response.on("close", () => clearInterval(timer));
});
app.listen(${PORT}, () => console.log("listening"));
`;
const CLIENT = `
const origin = "http://localhost:${PORT}";
const seen = {};
const hello = await fetch(origin + "/hello/disco");
seen.hello = [hello.status, hello.headers.get("x-powered-by"), await hello.json()];
const sum = await fetch(origin + "/sum", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ a: 40, b: 2 }),
});
seen.sum = [sum.status, await sum.json()];
seen.missing = (await fetch(origin + "/missing")).status;
console.log(JSON.stringify(seen));
`;
/** Leaves when the third event is there; the answer never ends by itself. */
const LISTENER = `
const answer = await fetch("http://localhost:${PORT}/events");
const times = [];
let text = "";
for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
  text += part;
  times.push(Date.now());
  if (text.includes("data: 3\\n\\n")) break;
}
console.log(JSON.stringify({ type: answer.headers.get("content-type"), text, parts: times.length }));
`;

describe("an express app, installed from the registry", () => {
  let app: ContainerShell;

  beforeAll(async () => {
    app = await shell.emptyFolder("app");
  });

  it("is installed as version 5", async () => {
    const { stdout } = await app.succeed("npm init -y > init.txt && npm install express");
    expect(stdout).toMatch(/added \d+ packages/);
    expect((await app.succeed("npm ls")).stdout).toMatch(/^└── express@5\./m);
  });

  it("starts in the background, and its caller learns the port", async () => {
    await app.write("server.mjs", SERVER);
    const { ports } = await app.succeed(
      "node server.mjs > log.txt 2>&1 & until grep -q listening log.txt; do sleep 0.1; done",
    );
    expect(ports).toEqual([PORT]);
  });

  it("answers a program of a second command", async () => {
    await app.write("client.mjs", CLIENT);
    expect(JSON.parse((await app.succeed("node client.mjs")).stdout)).toEqual({
      hello: [200, "Express", { hello: "disco" }],
      sum: [200, { sum: 42 }],
      missing: 404,
    });
  });

  it("streams events, one after the other", async () => {
    await app.write("listener.mjs", LISTENER);
    expect(JSON.parse((await app.succeed("node listener.mjs")).stdout)).toEqual({
      type: "text/event-stream; charset=utf-8",
      text: "data: 1\n\ndata: 2\n\ndata: 3\n\n",
      parts: 3,
    });
  });
});

describe("an MCP server, installed from the registry", () => {
  it("keeps knowledge: server-memory", async () => {
    const folder = await shell.emptyFolder("memory");
    await folder.succeed("npm init -y && npm install @modelcontextprotocol/server-memory");
    const entity = { name: "Disco", entityType: "container", observations: ["runs in a tab"] };
    const [hello, list, made] = await talkTo(folder, "npx mcp-server-memory", {
      name: "create_entities",
      arguments: { entities: [entity] },
    });
    expect(hello).toMatchObject({ serverInfo: { name: "memory-server" } });
    expect(list).toMatchObject({
      tools: expect.arrayContaining([expect.objectContaining({ name: "create_entities" })]),
    });
    expect(made).toMatchObject({ structuredContent: { entities: [entity] } });
    const kept = await folder.succeed("cat node_modules/@modelcontextprotocol/*/dist/memory.jsonl");
    expect(JSON.parse(kept.stdout)).toEqual({ type: "entity", ...entity });
  });

  it("shows what the protocol has: server-everything", async () => {
    const folder = await shell.emptyFolder("everything");
    await folder.succeed("npm init -y && npm install @modelcontextprotocol/server-everything");
    const [hello, list, echoed] = await talkTo(folder, "npx mcp-server-everything", {
      name: "echo",
      arguments: { message: "größer 🎈" },
    });
    expect(hello).toMatchObject({ protocolVersion: "2025-06-18" });
    expect(list).toMatchObject({
      tools: expect.arrayContaining([expect.objectContaining({ name: "echo" })]),
    });
    expect(echoed).toMatchObject({ content: [{ type: "text", text: "Echo: größer 🎈" }] });
  });
});

describe("a program that never ends", () => {
  it("goes on while other commands are answered, and is stopped with all that it started", async () => {
    const folder = await shell.emptyFolder("runaway");
    await folder.write("loop.js", 'process.stdout.write("looping\\n"); while (true) {}');
    const runaway = await folder.run("echo before; node loop.js", 4);
    expect(runaway).toMatchObject({
      status: "running",
      exit_code: null,
      stdout: "before\nlooping\n",
    });
    const isLooping = async () => (await folder.run("ps")).stdout.includes("node loop.js");
    expect(await isLooping()).toBe(true);
    expect((await folder.succeed("node -p 6*7")).stdout).toBe("42\n");
    const id = runaway.process_id ?? "";
    expect(await folder.stop(id)).toEqual({ status: "killed", exit_code: null });
    await expect.poll(isLooping).toBe(false);
  });

  it("is a server that serves, and is listed with its port", async () => {
    const folder = await shell.emptyFolder("serving");
    const script = `require("http").createServer((_, answer) => answer.end("served")).listen(8123);`;
    await folder.write("server.js", script);
    const { process_id: id } = await folder.run("node server.js", 30, true);
    const answers = async () => (await folder.run("curl -s http://localhost:8123")).stdout;
    await expect.poll(answers, { timeout: 15_000 }).toBe("served");
    const rowOf = async () => (await folder.processes()).find((row) => row.id === id);
    expect(await rowOf()).toMatchObject({ command: "node server.js", ports: [8_123] });
    expect(await folder.stop(id ?? "")).toMatchObject({ status: "killed" });
    expect(await rowOf()).toMatchObject({ status: "killed", pid: null, ports: [] });
  });
});
