import { afterAll, beforeAll, expect, it } from "vitest";
import { TEST_SECRET } from "#test/support/edge-rig.ts";
import { NpmRegistry } from "#test/support/npm-registry.ts";
import { type RunningWorker, startWorker } from "#test/support/worker-harness.ts";

let registry: NpmRegistry;
let worker: RunningWorker;

beforeAll(async () => {
  registry = await NpmRegistry.start();
  registry.publish({ name: "plain", version: "1.0.0" });
  worker = await startWorker({
    main: "test/support/workerd/registry-worker.ts",
    vars: { DISCO_LOCAL_SECRET: TEST_SECRET, DISCO_REGISTRY_URL: registry.url },
  });
});
afterAll(async () => {
  await worker.close();
  await registry.close();
});

function ask(path: string) {
  return worker.fetch(`http://rt.disco.localhost:${worker.url.port}${path}`, {
    headers: { "Sec-Fetch-Site": "same-origin" },
  });
}

it("refuses metadata that says it is too large", async () => {
  registry.override("/large", (_request, response) => {
    response.writeHead(200, { "Content-Length": 4_001 }).end(" ".repeat(4_001));
  });
  const answer = await ask("/__disco/registry/large");
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({ code: "too_large", details: { max_bytes: 4_000 } });
});

it("breaks a tarball off that is larger than it may be, without saying so before", async () => {
  registry.override("/big/-/big-1.0.0.tgz", (_request, response) => {
    response.writeHead(200).write(Buffer.alloc(3_000, 1));
    response.end(Buffer.alloc(3_000, 2));
  });
  const answer = await ask("/__disco/registry/big/-/big-1.0.0.tgz");
  await expect(answer.arrayBuffer()).rejects.toThrow(/terminated/);
});

it("gives up on a registry that does not answer", async () => {
  registry.override("/silent", () => {});
  const answer = await ask("/__disco/registry/silent");
  expect(answer.status).toBe(502);
  expect(await answer.json()).toMatchObject({ code: "registry_unavailable", retryable: true });
});

it("breaks off an answer that never ends", async () => {
  registry.override("/dripping", (_request, response) => {
    response.writeHead(200).write("{");
  });
  const answer = await ask("/__disco/registry/dripping");
  await expect(answer.text()).rejects.toThrow(/terminated/);
});

it("says which failures of the registry may pass", async () => {
  for (const [status, code] of [
    [500, "registry_unavailable"],
    [429, "registry_unavailable"],
    [401, "registry_refused"],
  ] as const) {
    registry.override(`/status-${status}`, (_request, response) => {
      response.writeHead(status).end();
    });
    const answer = await ask(`/__disco/registry/status-${status}`);
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ code });
  }
});

it("bounds how much is asked for", async () => {
  const codes: number[] = [];
  for (let count = 0; count < 45; count += 1) {
    const answer = await ask("/__disco/registry/plain");
    await answer.arrayBuffer();
    codes.push(answer.status);
  }
  expect(codes[0]).toBe(200);
  expect(codes.at(-1)).toBe(429);
});
