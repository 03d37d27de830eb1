import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, watchErrors } from "#test/support/browser.ts";
import { type TestDisco, startTestDisco } from "#test/support/disco-process.ts";

let running: TestDisco;
let browser: Browser;

beforeAll(async () => {
  running = await startTestDisco();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await running.stop();
});

describe("Swagger UI at /docs", () => {
  it("lists the operations and runs one with the token: Try it out", async () => {
    const { ready } = running.disco;
    const page = await browser.newPage();
    const errors = watchErrors(page);
    await page.goto(`${new URL(ready.mcp).origin}/docs`);
    await page.getByRole("button", { name: "Authorize" }).first().click();
    const dialog = page.locator(".modal-ux");
    await dialog.locator("input").first().fill(ready.token);
    await dialog
      .getByRole("button", { name: /Apply|Authorize/ })
      .first()
      .click();
    await dialog.getByRole("button", { name: "Close" }).click();

    const operation = page.locator("#operations-containers-container_status");
    await operation.locator("button.opblock-summary-control").click();
    const container = operation.locator("tr[data-param-name=container] input");
    if ((await container.inputValue()) === "") await container.fill("current");
    await operation.getByRole("button", { name: "Execute" }).click();
    const response = operation.locator(".live-responses-table tbody .response-col_status").first();
    await response.waitFor();
    expect(await response.textContent()).toContain("200");
    const body = operation.locator(".live-responses-table tbody .highlight-code").first();
    expect(await body.textContent()).toContain(ready.container);
    expect(errors).toEqual([]);
    await page.close();
  });
});
