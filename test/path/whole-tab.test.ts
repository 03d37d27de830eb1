import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PortEvent } from "#sandbox/runtime/runtime.ts";
import { identify } from "#sandbox/tab/sign-in.ts";
import { TEST_SECRET } from "#test/support/edge-rig.ts";
import { reached, TabRig } from "#test/support/tab-rig.ts";
import { mintLocalClaim } from "#worker/identity/tokens.ts";
import { until } from "#test/support/until.ts";

let rig: TabRig;

beforeAll(async () => {
  rig = await TabRig.start();
});
afterEach(() => rig.closeTabs());
afterAll(() => rig.close());

const execute = (command: string, more: object = {}) =>
  rig.api("POST", `/terminal/${rig.container}/execute`, { command, ...more });

describe("a whole tab", () => {
  it("tells callers what listens, and where the browser shows it [STATE-1]", async () => {
    const { tab, runtime, link } = await rig.startTab();
    const listeners = new Set<(event: PortEvent) => void>();
    tab.ready({
      ...runtime,
      onPort: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    await reached(link, "attached");
    const previews = async () =>
      (await rig.api("GET", `/containers/${rig.container}`)).body["previews"];
    const tell = (type: PortEvent["type"], port: number): void => {
      for (const listener of listeners) listener({ type, port, pid: 2 });
    };
    expect(await previews()).toEqual([]);
    tell("opened", 5_173);
    tell("opened", 3_000);
    const at = (port: number) => ({
      port,
      url: `http://p${port}.disco.localhost:${rig.edge.worker.url.port}/`,
    });
    await until(async () => expect(await previews()).toEqual([at(3_000), at(5_173)]));
    tell("closed", 3_000);
    await until(async () => expect(await previews()).toEqual([at(5_173)]));
  });

  it("writes, reads and runs [CALL-1] [CALL-3] [OPEN-1]", async () => {
    const { runtime, events } = await rig.readyTab();
    const content = "b\na\n";
    const written = await rig.api("PUT", `/files/${rig.container}`, { path: "src/x.txt", content });
    expect(written.status).toBe(200);
    expect(await fs.readFile(path.join(runtime.root, "src/x.txt"), "utf8")).toBe(content);
    const sorted = await execute("sort src/x.txt; pwd");
    expect(sorted.body).toMatchObject({ exit_code: 0, stdout: `a\nb\n${runtime.root}\n` });
    const read = await rig.api("GET", `/files/${rig.container}/content?path=src/x.txt`);
    expect(read.body).toMatchObject({ text: content, hash: written.body["hash"] });
    const kinds = events.flatMap((event) => (event.kind === "call" ? [event.call.type] : []));
    expect(kinds.filter((kind) => kind !== "output")).toEqual(
      ["started", "ended"].concat(["started", "ended"], ["started", "ended"]),
    );
    expect(kinds.indexOf("output")).toBe(3);
  });

  it("reads several files at once, from a query that names each", async () => {
    await rig.readyTab();
    for (const name of ["several/a", "several/b"]) {
      await rig.api("PUT", `/files/${rig.container}`, { path: name, content: name });
    }
    const query = "paths=several/a&paths=several/b&paths=several/c";
    const { body } = await rig.api("GET", `/files/${rig.container}/content?${query}`);
    expect(body).toMatchObject({
      files: [
        { path: "several/a", text: "several/a" },
        { path: "several/b", text: "several/b" },
        { path: "several/c", error: "file_not_found: several/c does not exist." },
      ],
    });
    const one = await rig.api("GET", `/files/${rig.container}/content?paths=several/a`);
    expect(one.body).toMatchObject({ files: [{ text: "several/a" }] });
  });

  it("carries what needs many fragments, both ways [FRAG-1] [FRAG-2]", async () => {
    await rig.readyTab();
    const content = randomBytes(3_000_000).toString("base64");
    const body = { path: "large.bin", content, encoding: "base64" };
    const [written] = await Promise.all([
      rig.api("PUT", `/files/${rig.container}`, body),
      execute("true"),
    ]);
    expect(written).toMatchObject({ status: 200, body: { bytes: 3_000_000 } });
    const read = await rig.api(
      "GET",
      `/files/${rig.container}/content?path=large.bin&encoding=base64`,
    );
    expect(read.body["text"] === content).toBe(true);
  });

  it("refuses what the catalogue says, with its status", async () => {
    await rig.readyTab();
    const missing = await rig.api("GET", `/files/${rig.container}/content?path=nowhere`);
    expect(missing).toMatchObject({ status: 404, body: { code: "file_not_found" } });
    const outside = await rig.api("GET", `/files/${rig.container}/content?path=../x`);
    expect(outside).toMatchObject({ status: 400, body: { code: "path_outside_workspace" } });
  });

  it("lets a call wait for the boot, and runs it then [STATE-1]", async () => {
    const { tab, runtime, link } = await rig.startTab();
    await reached(link, "attached");
    tab.booting("unpacking");
    const waiting = execute("echo booted");
    await until(async () => {
      const { body } = await rig.api("GET", `/containers/${rig.container}`);
      expect(body).toMatchObject({ state: "booting" });
    });
    tab.ready(runtime);
    expect((await waiting).body).toMatchObject({ stdout: "booted\n" });
  });

  it("delivers the outcome of a command that outlived its connection [CALL-5] [END-4]", async () => {
    const { runtime, link, events } = await rig.readyTab();
    const running = execute("echo ran >> log; sleep 1; echo done");
    await until(() => expect(events.some(({ kind }) => kind === "call")).toBe(true));
    rig.page.sockets.at(-1)?.close();
    await reached(link, "reconnecting");
    await reached(link, "attached");
    expect((await running).body).toMatchObject({ exit_code: 0, stdout: "done\n" });
    expect(await fs.readFile(path.join(runtime.root, "log"), "utf8")).toBe("ran\n");
  });

  it("stays down when a second tab takes over, until it takes back [HELLO-4] [HELLO-2]", async () => {
    const first = await rig.readyTab();
    const before = rig.page.sockets.length;
    const second = await rig.readyTab();
    await reached(first.link, "taken_over");
    first.tab.online();
    first.tab.reconnectNow();
    expect((await execute("pwd")).body["stdout"]).toBe(`${second.runtime.root}\n`);
    expect(rig.page.sockets).toHaveLength(before + 1);
    first.tab.takeBack();
    await reached(first.link, "attached");
    await reached(second.link, "taken_over");
    expect((await execute("pwd")).body["stdout"]).toBe(`${first.runtime.root}\n`);
  });

  it("tells that the runtime failed [STATE-1]", async () => {
    const { tab } = await rig.readyTab();
    tab.failed("The kernel is gone.");
    const { status, body } = await execute("true");
    expect([status, body["code"]]).toEqual([503, "runtime_failed"]);
  });
});

describe("signing in", () => {
  it("knows who is signed in by the cookie, and that nobody is without it", async () => {
    expect(await identify(undefined)).toMatchObject({ container: { id: rig.container } });
    expect(await identify("a-forged-claim")).toMatchObject({ container: { id: rig.container } });
    rig.page.forgetCookies();
    expect(await identify("a-forged-claim")).toBeNull();
    const { link } = await rig.startTab();
    await reached(link, "signed_out");
    await identify(await mintLocalClaim(TEST_SECRET));
  });
});
