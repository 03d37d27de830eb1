import { createServer, request as httpRequest, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EgressRequest, writeHead } from "#protocol/egress-frame.ts";
import { launchBrowser, runtimeFrame, watchErrors } from "#test/support/browser.ts";
import { type PersonDisco, type Ran, runIn, startPersonDisco } from "#test/support/person-disco.ts";

/** The whole product: a program asks for another host, and the person decides. */
let disco: PersonDisco;
let browser: Browser;
let page: Page;
let errors: string[];

/** A program on this machine, which the container may only reach when it is allowed. */
const other = createServer((request, response) => answer(request, response));
let answer: RequestListener = (_request, response) => response.end("hello from outside");
const port = (): number => (other.address() as AddressInfo).port;
const host = (): string => `http://host.disco.internal:${port()}`;

const run = (command: string) => runIn(disco, command);

/** A program in the container, from its source. */
const node = (source: string): Promise<Ran> =>
  run(`cat > program.mjs <<'E'\n${source}\nE\nnode program.mjs`);

const dialog = () => page.getByRole("dialog", { name: "Network" });

async function press(name: string): Promise<void> {
  await dialog().getByRole("button", { name, disabled: false }).click();
}

beforeAll(async () => {
  await new Promise<void>((resolve) => other.listen(0, "localhost", resolve));
  disco = await startPersonDisco();
  browser = await launchBrowser();
  page = await (await browser.newContext({ viewport: { width: 1_280, height: 800 } })).newPage();
  errors = watchErrors(page);
  await page.goto(disco.sandboxUrl);
  const status = page.getByRole("status").first();
  await status.filter({ hasText: "Ready" }).waitFor({ timeout: 30_000 });
});
afterAll(async () => {
  await browser?.close();
  await disco?.stop();
  other.closeAllConnections();
  other.close();
});

describe("a program that asks for another host", () => {
  it("is refused at once, with words that say what to do", async () => {
    const ran = await node(`await fetch("${host()}/first");`);
    expect(ran.exit_code).toBe(1);
    expect(ran.stderr).toContain(
      `No network access to host.disco.internal:${port()} has been granted to this container. ` +
        "Allow it in the page under Network, then run this again.",
    );
  });

  it("is listed in the page, where nothing is allowed until the person does", async () => {
    const name = "Network: 0 hosts allowed, 1 asked for";
    await page.getByRole("button", { name }).click();
    const said = dialog().getByRole("listitem");
    await expect.poll(() => said.allTextContents()).toHaveLength(1);
    expect(await said.textContent()).toMatch(/node program\.mjs.*pid \d+.*asked once/);
    expect((await node(`await fetch("${host()}/");`)).exit_code).toBe(1);
    await expect.poll(() => said.textContent()).toMatch(/asked 2 times/);
  });

  it("reaches it when the person has allowed it, and reads what comes as it comes", async () => {
    await press(`Allow ${host()}`);
    await dialog()
      .getByRole("button", { name: `Revoke ${host()}` })
      .waitFor();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    answer = (request, response) => {
      if (request.url === "/release") {
        release();
        response.end();
        return;
      }
      response.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: first\n\n");
      void released.then(() => response.end("data: last\n\n"));
    };
    const ran = await node(`
      const response = await fetch("${host()}/events");
      for await (const part of response.body) {
        console.log(new TextDecoder().decode(part).trim());
        await fetch("${host()}/release", { method: "POST", body: "go on" });
      }`);
    expect([ran.stderr, ran.stdout]).toEqual(["", "data: first\ndata: last\n"]);
  });

  it("may use node:http for it, and sees redirects and cookies as they are", async () => {
    answer = (request, response) => {
      response.writeHead(302, { Location: "https://evil.example/", "Set-Cookie": "a=1" });
      response.end(`${request.method} ${String(request.headers["x-own"])}`);
    };
    const ran = await node(`
      import http from "node:http";
      http.get("${host()}/", { headers: { "x-own": "yes" } }, async (response) => {
        let text = "";
        for await (const part of response) text += part;
        console.log(response.statusCode, response.headers.location, response.headers["set-cookie"], text);
      });`);
    expect(ran.stdout).toBe("302 https://evil.example/ [ 'a=1' ] GET yes\n");
  });

  it("may be the shell's curl", async () => {
    answer = (request, response) => {
      let text = "";
      request.on("data", (part: Buffer) => (text += part.toString()));
      request.on("end", () => response.end(`${request.method} ${request.url} ${text}\n`));
    };
    const sent = await run(`echo from a pipe | curl -sS --data-binary @- ${host()}/curl`);
    expect([sent.stderr, sent.stdout]).toEqual(["", "POST /curl from a pipe\n\n"]);
    const refused = await run("curl https://api.example.com/");
    expect([refused.exit_code, refused.stderr]).toEqual([
      7,
      expect.stringContaining("No network access to api.example.com:443 has been granted"),
    ]);
  });

  it("hears when the host cannot be reached", async () => {
    await dialog().getByLabel("Allow a host").fill("host.disco.internal:9");
    await page.keyboard.press("Enter");
    await dialog().getByRole("button", { name: "Revoke http://host.disco.internal:9" }).waitFor();
    const ran = await node(`
      await fetch("http://host.disco.internal:9/").catch(({ cause }) => console.log(cause.code, cause.message))`);
    expect(ran.stdout).toMatch(/^EHOSTUNREACH .*host\.disco\.internal:9 cannot be reached\.\n$/);
  });

  it("is counted in the page", async () => {
    const row = dialog()
      .getByRole("listitem")
      .filter({ hasText: `:${port()}` });
    await expect.poll(() => row.textContent()).toMatch(/5 requests.*22 B sent.*\d+ B received/);
  });

  it("loses the host when the person takes it back, also in the middle of an answer", async () => {
    const gone = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    answer = (_request, response) => {
      const timer = setInterval(() => response.write("."), 50);
      response.on("close", () => {
        clearInterval(timer);
        gone.resolve();
      });
      begun.resolve();
    };
    const running = node(`
      try {
        const response = await fetch("${host()}/endless");
        for await (const part of response.body);
      } catch (error) { console.log(error.message, error.cause?.message ?? ""); }`);
    await begun.promise;
    await press(`Revoke ${host()}`);
    expect((await running).stdout).toContain("was revoked in the page.");
    await gone.promise;
    expect((await node(`await fetch("${host()}/");`)).stderr).toContain("No network access to");
    await press("Close");
  });
});

describe("what guards it", () => {
  it("stands in the worker: code on the runtime's origin reaches nothing by itself", async () => {
    const runtime = runtimeFrame(page);
    const tried = await runtime.evaluate(async () => {
      const status = async (path: string, init: RequestInit) =>
        fetch(path, init).then(
          (response) => response.status,
          () => "blocked",
        );
      const headers = { Authorization: "Bearer a.b.c" };
      return [
        await status("/__disco/egress/", { method: "POST", body: "x" }),
        await status("/__disco/egress/", { method: "POST", headers, body: "x" }),
        await status("https://example.com/", {}),
      ];
    });
    expect(tried).toEqual([401, 401, "blocked"]);
    errors.splice(0);
  });

  it("gives nothing to a preview, nor to the runtime, that only the page may have", async () => {
    const { container, token } = await tokenOfPage();
    expect(token).not.toBe("");
    const runtime = runtimeFrame(page);
    const app = new URL(disco.sandboxUrl).origin;
    const asked = await runtime.evaluate(
      (url) => fetch(url, { method: "POST", credentials: "include" }).then(String, () => "blocked"),
      `${app}/auth/network/${container}/token`,
    );
    expect(asked).toBe("blocked");
    errors.splice(0);
  });
});

async function tokenOfPage(): Promise<{ container: string; token: string }> {
  return page.evaluate(async () => {
    const me = (await (await fetch("/auth/me")).json()) as { container: { id: string } };
    const container = me.container.id;
    const answered = await fetch(`/auth/network/${container}/token`, { method: "POST" });
    return { container, token: ((await answered.json()) as { token: string }).token };
  });
}

describe("the worker by itself", () => {
  it("sends a body on while it still comes, and hangs up when nobody reads the answer", async () => {
    await page.getByRole("button", { name: /^Network:/ }).click();
    await dialog().getByLabel("Allow a host").fill(host());
    await page.keyboard.press("Enter");
    await dialog()
      .getByRole("button", { name: `Revoke ${host()}` })
      .waitFor();
    const { token } = await tokenOfPage();
    const [first, gone] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
    answer = (request, response) => {
      request.once("data", (part: Buffer) => first.resolve(part.toString()));
      const timer = setInterval(() => request.complete && response.write("."), 50);
      response.on("close", () => {
        clearInterval(timer);
        gone.resolve();
      });
    };
    const { port: own } = new URL(disco.sandboxUrl);
    const runtime = `rt.disco.localhost:${own}`;
    const outgoing = httpRequest({
      host: "127.0.0.1",
      port: own,
      path: "/__disco/egress/",
      method: "POST",
      headers: {
        Host: runtime,
        Origin: `http://${runtime}`,
        "Sec-Fetch-Site": "same-origin",
        "Sec-Fetch-Dest": "empty",
        Authorization: `Bearer ${token}`,
      },
    });
    const head: EgressRequest = { method: "POST", url: host(), headers: [], bodyBytes: 10 };
    const answered = Promise.withResolvers<number>();
    outgoing.on("response", (response) => answered.resolve(response.statusCode ?? 0));
    outgoing.on("error", () => {});
    outgoing.write(Buffer.concat([writeHead(head), Buffer.from("first")]));
    // An answer that comes before it would be a refusal.
    expect(await Promise.race([first.promise, answered.promise])).toBe("first");
    outgoing.end(" last");
    expect(await answered.promise).toBe(200);
    outgoing.destroy();
    await gone.promise;
    expect(errors).toEqual([]);
  });
});
