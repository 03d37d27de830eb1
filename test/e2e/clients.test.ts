import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toolOperations } from "#protocol/registry.ts";
import type { Ready } from "#scripts/disco/ready-line.ts";
import { type AnyClient, type ClientKind, withToken } from "#test/support/clients/any-client.ts";
import { chatClients } from "#test/support/clients/chat-clients.ts";
import { inspectorClients } from "#test/support/clients/inspector-client.ts";
import { restClient } from "#test/support/clients/rest-client.ts";
import { sdkClients } from "#test/support/clients/sdk-clients.ts";
import { type TestDisco, startTestDisco } from "#test/support/disco-process.ts";

let running: TestDisco;
let ready: Ready;

beforeAll(async () => {
  running = await startTestDisco();
  ready = running.disco.ready;
});
afterAll(() => running.stop());

const clients: readonly ClientKind[] = [
  ...sdkClients,
  ...chatClients,
  ...inspectorClients,
  restClient,
];

describe.each(clients.map((kind) => [kind.name, kind] as const))("%s", (label, kind) => {
  const folder = `work-${label.replaceAll(/\W+/g, "-")}`;
  let client: AnyClient;

  beforeAll(async () => {
    client = await kind.connect(ready, withToken(ready.token));
  });
  afterAll(() => client.close());

  it("lists every tool", async () => {
    const tools = toolOperations.map(({ name }) => name);
    expect((await client.listTools()).toSorted()).toEqual(tools.toSorted());
  });

  it("finds the container ready", async () => {
    const status = await client.call("container_status", {});
    expect(status.structuredContent).toMatchObject({ state: "ready", container: ready.container });
  });

  it("writes files, runs a pipeline over them and reads the result", async () => {
    const text = "größer\n東京\n🎈 party\nкит\n";
    for (const name of ["a.txt", "b.txt"]) {
      const written = await client.call("write_file", { path: `${folder}/${name}`, content: text });
      expect(written.isError ?? false).toBe(false);
      expect(written.structuredContent).toMatchObject({
        created: true,
        bytes: Buffer.byteLength(text),
      });
    }
    const listed = await client.call("list_files", { path: folder });
    expect(listed.structuredContent).toMatchObject({
      total: 2,
      entries: [{ path: `${folder}/a.txt` }, { path: `${folder}/b.txt` }],
    });
    const command = "cat *.txt | sort | uniq -c | sort -k2 | awk '{print $2\":\"$1}' | tee sum.out";
    const run = await client.call("run_command", { command, cwd: folder });
    expect(run.structuredContent).toMatchObject({ status: "exited", exit_code: 0 });
    const read = await client.call("read_file", { path: `${folder}/sum.out` });
    const lines = (read.structuredContent as { text: string }).text.trimEnd().split("\n");
    expect(lines.toSorted()).toEqual(["größer:2", "кит:2", "東京:2", "🎈:2"].toSorted());
  });

  it("is told in words what is wrong", async () => {
    const missing = await client.call("read_file", { path: `${folder}/none.txt` });
    expect(missing.isError).toBe(true);
    expect(JSON.stringify(missing)).toMatch(/file_not_found/);
    const outside = await client.call("write_file", { path: "../../etc/x", content: "x" });
    expect(outside.isError).toBe(true);
    expect(JSON.stringify(outside)).toMatch(/path_outside_workspace/);
  });
});
