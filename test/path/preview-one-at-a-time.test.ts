import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Stage } from "#test/support/preview/page-script.ts";
import { PreviewRig } from "#test/support/preview/preview-rig.ts";
import { type Program, startProgram } from "#test/support/preview/program.ts";

/** Where ports share one origin: a deployment with two hosts, or two ports of localhost. */
let rig: PreviewRig;
let first: Program;
let second: Program;

const says = (title: string) =>
  startProgram((request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(`<title>${title}</title>${request.headers.host} ${request.url}`);
  });

beforeAll(async () => {
  [first, second] = [await says("First"), await says("Second")];
  rig = await PreviewRig.start("two ports");
});
afterAll(async () => {
  await rig?.close();
  first?.stop();
  second?.stop();
});

describe("one preview at a time", () => {
  it("shows a port on the runtime's origin, with every path its own but one", async () => {
    await rig.bridge(first.port);
    const frame = await rig.show(first.port, "/assets/app");
    expect(await frame.title()).toBe("First");
    expect(await frame.textContent("body")).toBe(`localhost:${first.port} /assets/app`);
    const paths = ["/runtime.html", "/sandbox", "/api/v1/files/current"];
    const answers = await frame.evaluate(
      (all) => Promise.all(all.map(async (path) => (await fetch(path)).text())),
      paths,
    );
    expect(answers.map((text) => text.split(" ").at(-1))).toEqual(paths);
    const ours = await frame.evaluate(async () => (await fetch("/__disco/none")).status);
    expect(ours).toBe(404);
  });

  it("shows another port when the page changes the bridge", async () => {
    await rig.page.evaluate((origin) => stage.close(origin), rig.preview(first.port));
    await rig.bridge(second.port);
    const frame = await rig.show(second.port, "/", "another");
    expect(await frame.title()).toBe("Second");
  });

  it("keeps the page's own origin out of reach", async () => {
    const frame = rig.page.frames().find((one) => one.name() === "another");
    const reached = await frame?.evaluate(
      (app) =>
        fetch(`${app}/auth/me`, { credentials: "include" }).then(
          () => "read",
          () => "refused",
        ),
      rig.origin,
    );
    expect(reached).toBe("refused");
  });
});

declare const stage: Stage;
