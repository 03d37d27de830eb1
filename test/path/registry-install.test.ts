import { afterAll, beforeAll, expect, it } from "vitest";
import { findMachineRegistry } from "#scripts/disco/machine-registry.ts";
import { npmMain } from "#sandbox/runtime/embedded/npm/main.ts";
import { TEST_SECRET } from "#test/support/edge-rig.ts";
import { KernelInThread } from "#test/support/kernel-in-thread.ts";
import { type RunningWorker, startWorker } from "#test/support/worker-harness.ts";

const PROJECT = "/home/user/workspace";

let worker: RunningWorker;
let isReachable = false;

beforeAll(async () => {
  const registry = await findMachineRegistry(AbortSignal.timeout(10_000));
  const url = registry?.url ?? "http://127.0.0.1:1/";
  const answer = await fetch(`${url}express`, { method: "HEAD" }).catch(() => null);
  isReachable = answer?.ok === true;
  worker = await startWorker({
    vars: { DISCO_LOCAL_SECRET: TEST_SECRET, DISCO_REGISTRY_URL: url },
  });
});
afterAll(() => worker.close());

/** The worker as the runtime's page reaches it. */
async function fetchAsPage(url: string): Promise<Response> {
  const answer = await worker.fetch(url, { headers: { "Sec-Fetch-Site": "same-origin" } });
  return new Response(await answer.arrayBuffer(), { status: answer.status });
}

it("installs express 5 from this machine's registry, through the worker", async (context) => {
  if (!isReachable) context.skip("this machine's registry does not answer");
  const registry = `http://rt.disco.localhost:${worker.url.port}/__disco/registry/`;
  const box = new KernelInThread({
    node: (system) => npmMain(system, { fetch: fetchAsPage, registry }),
  });
  box.write(`${PROJECT}/package.json`, '{ "name": "app", "version": "1.0.0" }');
  const startedAt = performance.now();
  const ran = await box.run(["npm", "install", "express@5"], { cwd: PROJECT });
  console.info(`express 5: ${Math.round(performance.now() - startedAt)} ms`);
  expect([ran.code, ran.stderr]).toEqual([0, ""]);
  expect(ran.stdout).toMatch(/added \d\d packages in/);
  const installed = JSON.parse(box.read(`${PROJECT}/node_modules/express/package.json`)) as object;
  expect(installed).toMatchObject({ name: "express", version: expect.stringMatching(/^5\./) });
  const lock = box.read(`${PROJECT}/package-lock.json`);
  expect(lock).toContain('"integrity": "sha512-');
  expect(lock).not.toContain("://rt.disco.localhost");
}, 90_000);
