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

/** Whether the preview still works. */
const unpacked = () => frame.evaluate(async () => (await fetch("/gzip")).text());

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

  it("have the browser report to another host", async () => {
    const asked: string[] = [];
    const elsewhere = await startProgram((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    });
    const tellTale = await startProgram((_, response) => {
      response.setHeader("Content-Type", "text/html");
      response.setHeader(
        "Content-Security-Policy-Report-Only",
        `img-src 'none'; report-uri http://localhost:${elsewhere.port}/stolen`,
      );
      response.end("<title>Tell-tale</title><img src='/secret.png'>");
    });
    await rig.bridge(tellTale.port);
    await rig.show(tellTale.port, "/", "tell-tale");
    await rig.page.waitForTimeout(1_500);
    elsewhere.stop();
    tellTale.stop();
    expect(asked).toEqual([]);
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
    const other = await startProgram((_, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end("<title>Other</title>");
    });
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
    expect(await unpacked()).toBe("unpacked");
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
    expect(await unpacked()).toBe("unpacked");
  });
});

declare const stage: Stage;
