import { spawn } from "node:child_process";
import { once } from "node:events";
import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { text as textOf } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DiscoProcess, spawnDisco } from "#scripts/disco/disco-process.ts";
import { top } from "#scripts/disco/top.ts";
import { descendantsOf, expectGone } from "#test/support/disco-process.ts";

let state: string;

beforeAll(async () => {
  state = await mkdtemp(path.join(tmpdir(), "disco-e2e-"));
});
afterAll(() => rm(state, { recursive: true }));

describe("npm start -- --headless", () => {
  it("prints one line, serves what it says, and takes everything along when it ends", async () => {
    const disco = await DiscoProcess.start(state);
    const { ready } = disco;
    const port = new URL(ready.origin).port;
    expect(ready).toEqual({
      origin: `http://localhost:${port}`,
      mcp: `http://localhost:${port}/mcp`,
      api: `http://localhost:${port}/api/v1`,
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      container: expect.stringMatching(/^\w+$/),
      sandboxUrl: expect.stringMatching(/^http:\/\/disco\.localhost:\d+\/sandbox#claim=\S+$/),
    });
    const answer = await fetch(`${ready.api}/containers/${ready.container}`, {
      headers: { Authorization: `Bearer ${ready.token}` },
    });
    expect(await answer.json()).toMatchObject({ container: ready.container, state: "ready" });

    expect(await statusAt(ready.origin, `localhost:${port}`)).toBe(200);
    expect(await statusAt(ready.origin, "localhost:9999")).toBe(403);
    expect(await signInWith(ready.sandboxUrl)).toEqual([200, 401]);

    const started = await descendantsOf(disco.pid);
    expect(started.length).toBeGreaterThan(3);
    expect(await disco.stop("SIGTERM")).toBe(0);
    await expectGone(started);
    expect(disco.stdout).toHaveLength(1);
  });

  it("keeps container and token from one start to the next, on workerd itself too", async () => {
    const first = await DiscoProcess.start(state);
    await first.stop();
    const second = await DiscoProcess.start(state, undefined, ["--workerd"]);
    const started = await descendantsOf(second.pid);
    try {
      expect(second.ready.container).toBe(first.ready.container);
      const answer = await fetch(`${second.ready.api}/containers/current`, {
        headers: { Authorization: `Bearer ${first.ready.token}` },
      });
      expect(answer.status).toBe(200);
      await answer.body?.cancel();
      await expectFilesFrom(second.ready);
    } finally {
      expect(await second.stop()).toBe(0);
    }
    await expectGone(started);
  });

  it.each([400, 1_500, 3_000])("leaves nothing when it is ended after %i ms", async (afterMs) => {
    const child = spawnDisco(["--headless", "--port", "0", "--state", state]);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    const started = await descendantsOf(child.pid ?? 0);
    expect(started).not.toEqual([]);
    child.kill("SIGINT");
    await once(child, "exit");
    await expectGone(started);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends when npm itself gets a %s", async (signal) => {
    const args = ["start", "--", "--headless", "--port", "0", "--state", state];
    const npm = spawn("npm", args, { cwd: top, stdio: ["ignore", "pipe", "ignore"] });
    const lines = createInterface({ input: npm.stdout });
    for await (const line of lines) if (line.startsWith("DISCO READY ")) break;
    const started = await descendantsOf(npm.pid ?? 0);
    expect(started.length).toBeGreaterThan(3);
    npm.kill(signal);
    if (npm.exitCode === null && npm.signalCode === null) await once(npm, "exit");
    await expectGone(started);
  });

  it("ends with the reason when its worker dies", async () => {
    const child = spawnDisco(["--headless", "--port", "0", "--state", state]);
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.stdout?.setEncoding("utf8");
    await once(child.stdout as NodeJS.ReadableStream, "data");
    const started = await descendantsOf(child.pid ?? 0);
    // start.ts is the only child of the boot script, and wrangler the first that it started.
    const wrangler = started[1] ?? 0;
    process.kill(wrangler, "SIGKILL");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(1);
    expect(errors).toMatch(/The worker ended \(SIGKILL\)/);
    await expectGone(started);
  });

  it("says what to do when there is no Chromium", async () => {
    const child = spawnDisco(["--headless", "--port", "0", "--state", state], {
      CHROMIUM_PATH: "/no/such/chromium",
    });
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(1);
    expect(errors).toMatch(/CHROMIUM_PATH is \/no\/such\/chromium, which is no program/);
  });
});

/** The status of /config under another Host. */
async function statusAt(origin: string, Host: string): Promise<number | undefined> {
  return (await ask(origin, "/config", { Host })).status;
}

/** What the link's claim gives the first and the second time. */
async function signInWith(sandboxUrl: string): Promise<number[]> {
  const { hash, port, host } = new URL(sandboxUrl);
  const body = JSON.stringify({ claim: hash.replace("#claim=", "") });
  const statuses: number[] = [];
  while (statuses.length < 2) {
    // Not every resolver knows names below localhost; the worker reads the Origin.
    const answer = await fetch(`http://localhost:${port}/auth/sign-in`, {
      method: "POST",
      headers: { Origin: `http://${host}`, "Content-Type": "application/json" },
      body,
    });
    statuses.push(answer.status);
    await answer.body?.cancel();
  }
  return statuses;
}

/** The page's files, from workerd's own service: type, version, and nothing that is no file. */
async function expectFilesFrom({ origin }: DiscoProcess["ready"]): Promise<void> {
  // Not every resolver knows names below localhost.
  const Host = new URL(origin).host.replace("localhost", "disco.localhost");
  const at = (place: string, headers = {}) => ask(origin, place, { ...headers, Host });
  const html = (await at("/sandbox")).text;
  const script = /src="\.(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? "";
  const first = await at(script);
  expect(first.headers["content-type"]).toBe("text/javascript; charset=utf-8");
  expect(first.text.length).toBeGreaterThan(10_000);
  const again = await at(script, { "If-None-Match": first.headers.etag });
  expect([again.status, again.text]).toEqual([304, ""]);
  expect((await at("/assets/none.js")).status).toBe(404);
  expect((await at("/assets")).status).toBe(404);
  const manifest = await fetch(new URL("/.well-known/ai-plugin.json", origin));
  expect(await manifest.json()).toMatchObject({ api: { url: `${origin}/openapi.json` } });
}

/** A request whose Host can be chosen, which fetch does not allow. */
async function ask(origin: string, place: string, headers: OutgoingHttpHeaders) {
  const asked = request(new URL(place, origin), { headers }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, text: await textOf(answer) };
}
