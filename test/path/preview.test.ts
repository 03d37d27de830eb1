import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { gzipSync } from "node:zlib";
import type { Frame } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Opcode } from "#sandbox/preview/websocket/frames.ts";
import { acceptOf, parseClientFrame, serverFrame } from "#test/sandbox-app/preview/raw-frames.ts";
import { PreviewRig } from "#test/support/preview/preview-rig.ts";
import { type Program, startProgram } from "#test/support/preview/program.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** What the program serves: path → answer. */
const answers: Record<string, Answer> = {
  "/": (_, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Content-Security-Policy", "frame-ancestors 'none'; img-src 'self'");
    response.end("<!doctype html><html><head><title>The program</title></head><p id=p>Grüße</p>");
  },
  "/second": (_, response) => html(response, "<title>Second</title>"),
  "/echo": async (request, response) => {
    const hash = createHash("sha256");
    let size = 0;
    for await (const part of request) {
      hash.update(part as Buffer);
      size += (part as Buffer).length;
    }
    const { headers, method, url } = request;
    response.setHeader("X-Program", "yes");
    response.end(JSON.stringify({ method, url, headers, size, hash: hash.digest("hex") }));
  },
  "/redirect": (request, response) => {
    response.writeHead(302, { Location: `http://${request.headers.host}/second?from=redirect` });
    response.end();
  },
  "/empty": (_, response) => response.writeHead(204).end(),
  "/gzip": (_, response) => {
    response.writeHead(200, { "Content-Encoding": "gzip", "Content-Type": "text/plain" });
    response.end(gzipSync("unpacked"));
  },
  "/cookie": (_, response) => {
    response.setHeader("Set-Cookie", [
      "sid=42; HttpOnly; Path=/",
      "theme=dark; Max-Age=60; Path=/cookie",
    ]);
    response.end("kept");
  },
  "/endless": (request, response) => {
    const timer = setInterval(() => response.write(`data: ${Date.now()}\n\n`), 20);
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    request.socket.once("close", () => clearInterval(timer));
  },
  "/large": (_, response) => {
    response.setHeader("Content-Type", "application/octet-stream");
    for (let part = 0; part < 64; part++) response.write(Buffer.alloc(65_536, part));
    response.end();
  },
};

function html(response: ServerResponse, text: string): void {
  response.setHeader("Content-Type", "text/html");
  response.end(text);
}

let rig: PreviewRig;
let program: Program;
let frame: Frame;

beforeAll(async () => {
  program = await startProgram((request, response) => {
    const answer = answers[new URL(request.url ?? "/", "http://x").pathname];
    if (answer !== undefined) return void answer(request, response);
    response.writeHead(404, { "Content-Type": "text/plain" });
    response.end(`The program has no ${request.url}.`);
  });
  program.server.on("upgrade", echoFrames);
  rig = await PreviewRig.start();
  await rig.bridge(program.port);
  frame = await rig.show(program.port, "/");
});
afterAll(async () => {
  await rig?.close();
  program?.stop();
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

describe("what a preview cannot do", () => {
  it("reach the app's doors, or the page", async () => {
    const reached = await frame.evaluate(async (app) => {
      const tried = ["/api/v1/files/current", "/auth/me", "/mcp", "/config", "/sandbox"].map(
        (path) =>
          fetch(app + path, { credentials: "include", mode: "no-cors" }).then(
            () => path,
            () => "refused",
          ),
      );
      let dom: string;
      try {
        dom = window.parent.document.title;
      } catch {
        dom = "refused";
      }
      const socket = await new Promise((resolve) => {
        try {
          const attempt = new WebSocket(`${app.replace("http", "ws")}/relay/x`, ["disco.v1"]);
          attempt.addEventListener("open", () => resolve("open"));
          attempt.addEventListener("error", () => resolve("refused"));
        } catch {
          resolve("refused");
        }
      });
      return { fetched: await Promise.all(tried), dom, socket };
    }, rig.origin);
    expect(reached).toEqual({
      fetched: Array.from({ length: 5 }, () => "refused"),
      dom: "refused",
      socket: "refused",
    });
  });

  it("reach other hosts", async () => {
    const elsewhere = await startProgram((_, response) => {
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
      response.end("export {}");
    });
    const reached = await frame.evaluate(async (url) => {
      const image = await new Promise((resolve) => {
        const element = new Image();
        element.addEventListener("load", () => resolve("loaded"));
        element.addEventListener("error", () => resolve("refused"));
        element.src = url;
      });
      const refused = () => "refused";
      const script = await new Promise((resolve) => {
        const element = document.createElement("script");
        element.addEventListener("load", () => resolve("ran"));
        element.addEventListener("error", () => resolve("refused"));
        element.src = url;
        document.head.append(element);
      });
      return [await fetch(url).then(() => "read", refused), script, image];
    }, `http://localhost:${elsewhere.port}/`);
    elsewhere.stop();
    expect(reached).toEqual(["refused", "refused", "refused"]);
  });

  it("leave for another host", async () => {
    const asked: string[] = [];
    const elsewhere = await startProgram((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    });
    await rig.page.evaluate(
      (url) => stage.show("leaving", url),
      `${rig.preview(program.port)}/second`,
    );
    const leaving = () => rig.page.frames().find((one) => one.name() === "leaving");
    await expect
      .poll(() =>
        leaving()
          ?.title()
          .catch(() => ""),
      )
      .toBe("Second");
    await leaving()?.evaluate((url) => {
      location.href = url;
    }, `http://localhost:${elsewhere.port}/stolen`);
    await rig.page.waitForTimeout(300);
    elsewhere.stop();
    expect(asked).toEqual([]);
  });

  it("see what another preview stored, or use its bridge", async () => {
    const other = await startProgram((_, response) => html(response, "<title>Other</title>"));
    await rig.bridge(other.port);
    const second = await rig.show(other.port, "/", "other");
    await frame.evaluate(async () => {
      localStorage.setItem("secret", "1");
      await caches.open("secret");
    });
    const seen = await second.evaluate(async () => {
      const frames = Array.from({ length: parent.length }, (_, index) => parent[index]);
      const readable = frames.filter((one) => {
        try {
          return (
            one !== undefined && one !== window && one.document.title !== "Disco preview bridge"
          );
        } catch {
          return false;
        }
      });
      return {
        storage: localStorage.getItem("secret"),
        caches: await caches.keys(),
        others: readable.length,
        status: (await fetch("/")).status,
      };
    });
    expect(seen).toEqual({ storage: null, caches: [], others: 0, status: 200 });
    // The bridge of the first one obeys only the page that embeds it: a second port is not taken.
    const origin = rig.preview(program.port);
    await second.evaluate((target) => {
      for (let index = 0; index < parent.length; index++) {
        const { port1, port2 } = new MessageChannel();
        const ports = [port1, port2];
        try {
          parent[index]?.postMessage({ type: "disco.preview.connect" }, target, ports);
        } catch {
          // Not a frame of that origin.
        }
      }
    }, origin);
    expect(await fetchText("/gzip")).toMatchObject({ text: "unpacked" });
    other.stop();
  });

  it("plant a service worker of its own", async () => {
    const refused = await frame.evaluate(() =>
      navigator.serviceWorker.register("/second", { scope: "/x/" }).then(
        () => "planted",
        () => "refused",
      ),
    );
    expect(refused).toBe("refused");
  });

  it("be shown by two pages at once: the newer one gets it, and the older is told", async () => {
    const second = await rig.context.newPage();
    await rig.stagePage(second);
    await rig.bridge(program.port, second);
    const origin = rig.preview(program.port);
    await expect.poll(() => rig.page.evaluate(() => stage.superseded)).toContain(origin);
    await rig.page.evaluate((of) => stage.close(of), origin);
    const shown = await rig.show(program.port, "/second", "preview", second);
    expect(await shown.title()).toBe("Second");
    await second.close();
    await rig.bridge(program.port);
    expect((await fetchText("/gzip")).text).toBe("unpacked");
  });
});

/** Sends back what comes, selects the first subprotocol, and closes with the client's own code. */
function echoFrames(request: IncomingMessage, socket: Duplex): void {
  let bytes = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Protocol: ${request.headers["sec-websocket-protocol"]?.split(",")[0]}\r\n` +
      `Sec-WebSocket-Accept: ${acceptOf(request.headers["sec-websocket-key"] ?? "")}\r\n\r\n`,
  );
  socket.on("data", (data: Buffer) => {
    bytes = Buffer.concat([bytes, data]);
    for (let next = parseClientFrame(bytes); next !== null; next = parseClientFrame(bytes)) {
      bytes = bytes.subarray(bytes.length - next.rest);
      socket.write(serverFrame(next.opcode, next.payload));
      if (next.opcode === Opcode.close) socket.end();
    }
  });
}

declare const stage: {
  readonly superseded: string[];
  where(origin: string, name: string): Promise<{ path: string; title: string }> | undefined;
  show(name: string, url: string): void;
  close(origin: string): void;
};
