import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Frame } from "playwright";
import { beforeAll, describe, expect, it } from "vitest";
import type { Stage } from "#test/support/preview/page-script.ts";
import type { PreviewRig } from "#test/support/preview/preview-rig.ts";
import { type Program, startProgram } from "#test/support/preview/program.ts";
import { samplePreview } from "#test/support/preview/sample-preview.ts";

const preview = samplePreview();
let rig: PreviewRig;
let program: Program;
let frame: Frame;

beforeAll(() => {
  ({ rig, program, frame } = preview());
});

/** Runs in the preview. */
const fetchText = (
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
) =>
  frame.evaluate(
    async ([at, how]) => {
      const response = await fetch(at, how);
      return {
        status: response.status,
        url: response.url,
        headers: Object.fromEntries(response.headers),
        text: await response.text(),
      };
    },
    [path, init] as const,
  );

describe("a preview", () => {
  it("shows the program's document in the isolated page, whatever it says of frames", async () => {
    expect(await frame.title()).toBe("The program");
    expect(await frame.textContent("#p")).toBe("Grüße");
    expect(await rig.page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  it("leaves no trace of the injected script in the document", async () => {
    expect(await frame.evaluate(() => document.querySelectorAll("script").length)).toBe(0);
    expect(await frame.evaluate(() => WebSocket.name)).toBe("WebSocket");
    expect(await frame.evaluate(() => String(WebSocket).includes("native code"))).toBe(false);
  });

  it("asks as a browser on localhost would", async () => {
    const { text, headers } = await fetchText("/echo?a=b%20c", {
      method: "PUT",
      headers: { "X-Own": "1" },
      body: "hello",
    });
    const seen = JSON.parse(text) as Record<string, unknown>;
    expect(seen).toMatchObject({
      method: "PUT",
      url: "/echo?a=b%20c",
      size: 5,
      headers: {
        host: `localhost:${program.port}`,
        origin: `http://localhost:${program.port}`,
        referer: `http://localhost:${program.port}/`,
        "x-own": "1",
        "content-length": "5",
        "sec-fetch-dest": "empty",
      },
    });
    expect(headers["x-program"]).toBe("yes");
  });

  it("carries large bodies both ways", async () => {
    const sent = await frame.evaluate(async () => {
      const body = new Uint8Array(3_000_000).map((_, index) => index);
      const response = await fetch("/echo", { method: "POST", body });
      return (await response.json()) as { size: number; hash: string };
    });
    const expected = new Uint8Array(3_000_000).map((_, index) => index);
    expect(sent.size).toBe(3_000_000);
    expect(sent.hash).toBe(createHash("sha256").update(expected).digest("hex"));
    const size = await frame.evaluate(
      async () => (await (await fetch("/large")).arrayBuffer()).byteLength,
    );
    expect(size).toBe(64 * 65_536);
  });

  it("keeps redirects on its origin", async () => {
    const { url, text } = await fetchText("/redirect");
    expect(url).toBe(`${rig.preview(program.port)}/second?from=redirect`);
    expect(text).toContain("Second");
  });

  it("knows answers without a body, and codings that nobody asked for", async () => {
    expect(await fetchText("/empty")).toMatchObject({ status: 204, text: "" });
    expect(await fetchText("/gzip")).toMatchObject({ status: 200, text: "unpacked" });
    expect(await fetchText("/nowhere")).toMatchObject({
      status: 404,
      text: "The program has no /nowhere.",
    });
  });

  it("keeps cookies, which scripts can see", async () => {
    await fetchText("/cookie");
    const { text } = await fetchText("/echo");
    const { headers } = JSON.parse(text) as { headers: { cookie: string } };
    expect(headers.cookie.split("; ").toSorted()).toEqual(["sid=42", "theme=dark"]);
    expect(await frame.evaluate(() => document.cookie)).toContain("sid=42");
  });

  it("streams events, and tells the program when nobody listens any more", async () => {
    const asked = once(program.server, "request") as Promise<IncomingMessage[]>;
    const events = await frame.evaluate(async () => {
      const source = new EventSource("/endless");
      const seen: string[] = [];
      await new Promise<void>((resolve) => {
        source.addEventListener("message", ({ data }) => {
          if (seen.push(data as string) === 3) resolve();
        });
      });
      source.close();
      return seen;
    });
    expect(new Set(events).size).toBe(3);
    const [request] = await asked;
    if (request && !request.socket.destroyed) await once(request.socket, "close");
  });

  it("talks WebSocket to the program", async () => {
    const received = await frame.evaluate(async () => {
      const socket = new WebSocket(`ws://${location.host}/socket?x=1`, ["chat"]);
      socket.binaryType = "arraybuffer";
      const seen: unknown[] = [];
      const closed = new Promise<CloseEvent>((resolve) => {
        socket.addEventListener("close", resolve);
      });
      socket.addEventListener("message", ({ data }) => {
        seen.push(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer).length);
        if (seen.length === 2) socket.close(4000, "enough");
      });
      await new Promise((resolve) => socket.addEventListener("open", resolve));
      socket.send("über");
      socket.send(new Uint8Array(300_000));
      const { code, reason, wasClean } = await closed;
      return { seen, protocol: socket.protocol, code, reason, wasClean };
    });
    expect(received).toEqual({
      seen: ["über", 300_000],
      protocol: "chat",
      code: 4000,
      reason: "enough",
      wasClean: true,
    });
  });

  it("tells the page where it is", async () => {
    const origin = rig.preview(program.port);
    const place = await rig.page.evaluate((of) => stage.where(of, "preview"), origin);
    expect(place).toEqual({ path: "/", title: "The program" });
    await frame.evaluate(() => history.pushState(null, "", "/deep?x=1#y"));
    const moved = await rig.page.evaluate((of) => stage.where(of, "preview"), origin);
    expect(moved?.path).toBe("/deep?x=1#y");
    await frame.evaluate(() => history.back());
  });

  it("opens in a tab of its own, from its first visit on", async () => {
    const tab = await rig.context.newPage();
    await tab.goto(`${rig.preview(program.port)}/second`);
    await expect.poll(() => tab.title()).toBe("Second");
    await tab.close();
  });

  it("says what is wrong when no program answers", async () => {
    const empty = await startProgram(() => {});
    empty.stop();
    await rig.bridge(empty.port);
    const other = await rig.show(empty.port, "/", "empty");
    expect(await other.textContent("h1")).toBe("No program answers here");
    const status = await other.evaluate(async () => (await fetch("/x")).status);
    expect(status).toBe(502);
  });
});

declare const stage: Stage;
