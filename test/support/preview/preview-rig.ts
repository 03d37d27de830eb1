import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import type { Browser, BrowserContext, Frame, Page } from "playwright";
import { type Forward, forwardPort } from "#scripts/disco/forward.ts";
import { previewFiles } from "#scripts/disco/preview-files.ts";
import { top } from "#scripts/disco/top.ts";
import { launchBrowser } from "#test/support/browser.ts";
import { TEST_SECRET } from "#test/support/edge-rig.ts";
import { type RunningWorker, startWorker } from "#test/support/worker-harness.ts";
import type { Stage } from "./page-script.ts";

/** The real worker, the real files of previews and a real browser; programs run in Node. */
export class PreviewRig {
  readonly worker: RunningWorker;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly #browser: Browser;
  readonly #assets: string;
  /** Page's port and the other one, when there is no name but `localhost`. */
  readonly #ports: readonly Forward[];

  private constructor(
    parts: { worker: RunningWorker; browser: Browser; context: BrowserContext; page: Page },
    assets: string,
    ports: readonly Forward[],
  ) {
    this.worker = parts.worker;
    this.context = parts.context;
    this.page = parts.page;
    this.#browser = parts.browser;
    this.#assets = assets;
    this.#ports = ports;
  }

  /** @param names whether each preview has a name, or all share the second of two ports */
  static async start(names: "names" | "two ports" = "names"): Promise<PreviewRig> {
    const assets = await builtAssets();
    const ports = names === "names" ? [] : [await forwardPort(0), await forwardPort(0)];
    const vars: Record<string, string> = { DISCO_LOCAL_SECRET: TEST_SECRET };
    if (ports.length > 0) vars["DISCO_LOCAL_PORTS"] = ports.map(({ port }) => port).join(",");
    const worker = await startWorker({ vars, assets });
    for (const forward of ports) forward.to(Number(worker.url.port));
    const browser = await launchBrowser();
    const context = await browser.newContext();
    const page = await context.newPage();
    const rig = new PreviewRig({ worker, browser, context, page }, assets, ports);
    await rig.stagePage(rig.page);
    return rig;
  }

  /** Origin on which a port is seen. */
  preview(port: number): string {
    const second = this.#ports[1];
    if (second !== undefined) return `http://localhost:${second.port}`;
    return `http://p${port}.disco.localhost:${this.worker.url.port}`;
  }

  get origin(): string {
    const [first] = this.#ports;
    if (first !== undefined) return `http://localhost:${first.port}`;
    return `http://disco.localhost:${this.worker.url.port}`;
  }

  /** Loads the page's own address, with the page's side of previews and nothing else in it. */
  async stagePage(page: Page): Promise<void> {
    await exposeTunnel(page);
    await page.goto(`${this.origin}/sandbox`);
  }

  async bridge(port: number, page = this.page): Promise<void> {
    const args = [this.preview(port), port] as const;
    await page.evaluate(([origin, of]) => stage.bridge(origin, of), args);
  }

  /** Shows a path of a port in a frame of the page, once it has loaded. */
  async show(port: number, at: string, name = "preview", page = this.page): Promise<Frame> {
    const url = this.preview(port) + at;
    await page.evaluate(([of, where]) => stage.show(of, where), [name, url] as const);
    for (;;) {
      const frame = page.frames().find((one) => one.name() === name);
      if (frame !== undefined) {
        await frame.waitForLoadState();
        if ((await frame.title().catch(() => "Preview")) !== "Preview") return frame;
      }
      await page.waitForTimeout(20);
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    for (const forward of this.#ports) forward.stop();
    await this.worker.close();
    await rm(this.#assets, { recursive: true });
  }
}

/** What the build leaves, as far as previews need it. */
async function builtAssets(): Promise<string> {
  const assets = await mkdtemp(path.join(tmpdir(), "disco-previews-"));
  await mkdir(path.join(assets, "preview"));
  for (const [name, source] of await previewFiles(path.join(top, "sandbox-app"))) {
    await writeFile(path.join(assets, "preview", name), source);
  }
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, "page-script.ts")],
    bundle: true,
    format: "iife",
    write: false,
  });
  await mkdir(path.join(assets, "assets"));
  await writeFile(path.join(assets, "assets/stage.js"), outputFiles[0]?.text ?? "");
  const page = '<!doctype html><title>stage</title><body><script src="/assets/stage.js"></script>';
  await writeFile(path.join(assets, "index.html"), page);
  return assets;
}

/** Lets scripts of the page open connections to this machine's ports. */
async function exposeTunnel(page: Page): Promise<void> {
  const sockets = new Map<number, net.Socket>();
  let last = 0;
  const socketOf = (id: number): net.Socket => {
    const socket = sockets.get(id);
    if (socket === undefined) throw new Error("There is no such connection.");
    return socket;
  };
  await page.exposeFunction("tunnelOpen", async (port: number) => {
    const socket = net.connect({ port, host: "127.0.0.1" });
    await once(socket, "connect");
    socket.on("error", () => {});
    socket.pause();
    sockets.set(++last, socket);
    return last;
  });
  await page.exposeFunction("tunnelRead", async (id: number) => {
    const socket = socketOf(id);
    for (;;) {
      const bytes = socket.read() as Buffer | null;
      if (bytes !== null) return bytes.toString("base64");
      if (socket.readableEnded || socket.destroyed) return null;
      await Promise.race(["readable", "end", "close"].map((name) => once(socket, name)));
    }
  });
  await page.exposeFunction("tunnelWrite", async (id: number, bytes: string) => {
    const socket = socketOf(id);
    if (!socket.write(Buffer.from(bytes, "base64"))) {
      await Promise.race([once(socket, "drain"), once(socket, "close")]);
    }
  });
  await page.exposeFunction("tunnelClose", (id: number) => {
    sockets.get(id)?.destroy();
    sockets.delete(id);
  });
}

declare const stage: Stage;
