import type { Browser, Frame, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, watchErrors } from "#test/support/browser.ts";
import { type PersonDisco, startPersonDisco } from "#test/support/person-disco.ts";

/** The whole product: a caller starts a server in the person's tab, and the person sees it. */
let disco: PersonDisco;
let browser: Browser;
let page: Page;
let errors: string[];

const PORT = 3_000;
const SERVER = `
const http = require("http");
const clients = new Set();
let listeners = 0;
const server = http.createServer((request, response) => {
  if (request.url === "/listeners") return response.end(String(listeners));
  if (request.url.startsWith("/late")) return setTimeout(() => response.end("late"), 50);
  if (request.url === "/cut") {
    response.write("half");
    setTimeout(() => response.destroy(), 50);
    return;
  }
  if (request.url === "/events") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    let n = 0;
    const timer = setInterval(() => response.write("data: " + ++n + "\\n\\n"), 20);
    listeners++;
    request.on("close", () => {
      listeners--;
      clearInterval(timer);
    });
    return;
  }
  let size = 0;
  request.on("data", (part) => { size += part.length; });
  request.on("end", () => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>Served in the tab</title><h1>" + request.method + " " +
      request.url + "</h1><p>" + size + " " + request.headers.host + "</p>");
  });
});
server.on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = require("crypto").createHash("sha1").update(key).digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\n" +
    "Connection: Upgrade\\r\\nSec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n");
  const text = Buffer.from("from the program");
  socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]));
  socket.once("data", () => socket.end(Buffer.from([0x88, 2, 0x0f, 0xa1])));
});
server.listen(${PORT}, () => console.log("listening"));
`;

async function api(path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  const response = await fetch(disco.api + path, {
    ...init,
    headers: { Authorization: `Bearer ${disco.token}`, "Content-Type": "application/json" },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

const run = (command: string) =>
  api("/terminal/current/execute", { method: "POST", body: JSON.stringify({ command }) });

const origin = () => disco.sandboxUrl.replace("//", `//p${PORT}.`).replace(/\/sandbox.*/, "");

async function previewFrame(): Promise<Frame> {
  const find = () =>
    page
      .frames()
      .find(
        (one) =>
          one.url() !== "" &&
          one.url().startsWith(`${origin()}/`) &&
          !one.url().includes("__disco"),
      );
  await expect
    .poll(
      () =>
        find()
          ?.title()
          .catch(() => ""),
      { timeout: 20_000 },
    )
    .toBe("Served in the tab");
  return find() as Frame;
}

beforeAll(async () => {
  disco = await startPersonDisco();
  browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
  page = await context.newPage();
  errors = watchErrors(page);
  await page.goto(disco.sandboxUrl);
  const status = page.getByRole("status").first();
  await status.filter({ hasText: "Ready" }).waitFor({ timeout: 30_000 });
});
afterAll(async () => {
  await browser.close();
  await disco.stop();
});

describe("a server in the container", () => {
  it("is told to its caller, with the URL of its preview", async () => {
    const body = JSON.stringify({ path: "server.js", content: SERVER });
    await api("/files/current", { method: "PUT", body });
    const ran = await run(
      "node server.js > log.txt 2>&1 & until grep -q listening log.txt; do sleep 0.1; done",
    );
    expect(ran["ports"]).toEqual([PORT]);
    await expect
      .poll(async () => (await api("/containers/current"))["previews"])
      .toEqual([{ port: PORT, url: `${origin()}/` }]);
  });

  it("opens beside the files by itself", async () => {
    const frame = await previewFrame();
    expect(await frame.textContent("h1")).toBe("GET /");
    expect(await frame.textContent("p")).toBe(`0 localhost:${PORT}`);
    const tab = page.getByRole("tab", { name: new RegExp(`^Port ${PORT}, node server.js`) });
    expect(await tab.getAttribute("aria-selected")).toBe("true");
  });

  it("goes where the address bar says, and the bar follows it", async () => {
    const bar = page.getByRole("textbox", { name: `Path on port ${PORT}` });
    await bar.fill("/somewhere?else=1");
    await bar.press("Enter");
    await expect
      .poll(async () => (await previewFrame()).textContent("h1"))
      .toBe("GET /somewhere?else=1");
    await (await previewFrame()).evaluate(() => history.pushState(null, "", "/pushed"));
    await page.getByRole("heading", { name: "Preview" }).click();
    await expect.poll(() => bar.inputValue(), { timeout: 5_000 }).toBe("/pushed");
  });

  it("takes large bodies and streams events", async () => {
    const frame = await previewFrame();
    const text = await frame.evaluate(async () => {
      const answer = await fetch("/upload", { method: "POST", body: new Uint8Array(2_000_000) });
      return await answer.text();
    });
    expect(text).toContain("POST /upload");
    expect(text).toContain("2000000 localhost");
    const events = await frame.evaluate(async () => {
      const source = new EventSource("/events");
      const seen: string[] = [];
      await new Promise<void>((resolve) => {
        source.addEventListener("message", ({ data }) => {
          if (seen.push(data as string) === 3) resolve();
        });
      });
      source.close();
      return seen;
    });
    expect(events).toEqual(["1", "2", "3"]);
  });

  it("answers more requests at once than it has connections", async () => {
    const texts = await (
      await previewFrame()
    ).evaluate(async () => {
      const asked = Array.from({ length: 300 }, (_, index) => fetch(`/late?${index}`));
      return await Promise.all(asked.map(async (answer) => (await answer).text()));
    });
    expect(new Set(texts)).toEqual(new Set(["late"]));
  });

  it("fails an answer that the program gives up", async () => {
    const outcome = (await previewFrame()).evaluate(() =>
      fetch("/cut")
        .then((answer) => answer.text())
        .then(
          (text) => `whole: ${text}`,
          () => "failed",
        ),
    );
    expect(await outcome).toBe("failed");
  });

  it("tells the program when who listened has gone", async () => {
    const frame = await previewFrame();
    const listeners = () => frame.evaluate(async () => (await fetch("/listeners")).text());
    await frame.evaluate(() => {
      const sources = Array.from({ length: 3 }, () => new EventSource("/events"));
      Object.assign(globalThis, { sources });
    });
    await expect.poll(listeners).toBe("3");
    await page.getByRole("button", { name: "Reload preview" }).click();
    await expect.poll(() => listeners().catch(() => ""), { timeout: 10_000 }).toBe("0");
  });

  it("opens no windows, also not as its bridge, which is of its origin", async () => {
    const frame = await previewFrame();
    await frame.evaluate(() => {
      const beside = Array.from({ length: parent.length }, (_, index) => parent[index] as Window);
      const same = beside.filter((one) => {
        try {
          return one.document !== null;
        } catch {
          return false;
        }
      });
      const button = document.createElement("button");
      button.textContent = "Open windows";
      button.addEventListener("click", () => {
        for (const one of same) {
          const link = one.document.createElement("a");
          Object.assign(link, { href: `${location.origin}/stolen`, target: "_blank" });
          one.document.body.append(link);
          link.click();
        }
        button.textContent = `Tried ${same.length}`;
      });
      document.body.append(button);
    });
    const before = page.context().pages().length;
    await frame.getByRole("button", { name: "Open windows" }).click();
    // The preview itself, and its bridge.
    await frame.getByRole("button", { name: "Tried 2" }).waitFor();
    await run("sleep 0.5");
    expect(page.context().pages()).toHaveLength(before);
  });

  it("talks WebSocket", async () => {
    const frame = await previewFrame();
    const heard = await frame.evaluate(async () => {
      const socket = new WebSocket(`ws://${location.host}/socket`);
      const closed = new Promise<number>((resolve) => {
        socket.addEventListener("close", ({ code }) => resolve(code));
      });
      const text = await new Promise((resolve) => {
        socket.addEventListener("message", ({ data }) => resolve(data));
      });
      socket.send("thanks");
      return [text, await closed];
    });
    expect(heard).toEqual(["from the program", 4_001]);
  });

  it("is there in a browser tab of its own", async () => {
    const own = await page.context().newPage();
    await own.goto(`${origin()}/own`);
    await expect.poll(() => own.title()).toBe("Served in the tab");
    await own.close();
  });

  it("is shown as ended when it ends", async () => {
    await run("kill $(ps | grep 'node server' | grep -v grep | awk '{print $1}')");
    await page.getByText(`The program on port ${PORT} has ended.`).waitFor();
    await expect.poll(async () => (await api("/containers/current"))["previews"]).toEqual([]);
  });

  it("is shown again when it starts again", async () => {
    await run(
      "node server.js > log.txt 2>&1 & until grep -q listening log.txt; do sleep 0.1; done",
    );
    await expect
      .poll(() => page.getByText(`The program on port ${PORT} has ended.`).count())
      .toBe(0);
    expect(await (await previewFrame()).textContent("h1")).toMatch(/^GET /);
    await run("kill $(ps | grep 'node server' | grep -v grep | awk '{print $1}')");
    await page.getByText(`The program on port ${PORT} has ended.`).waitFor();
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await expect.poll(() => page.getByRole("heading", { name: "Preview" }).count()).toBe(0);
  });

  it("raised no error of the page all the while", () => {
    // The browser tells of the windows that the preview could not open.
    expect(errors.filter((error) => !error.includes("'allow-popups' permission"))).toEqual([]);
  });
});
