import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Browser, BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "#test/support/browser.ts";
import { type PersonDisco, startPersonDisco } from "#test/support/person-disco.ts";

let disco: PersonDisco;
let browser: Browser;
/** The person's own, in which the sandbox is open. */
let person: BrowserContext;
let sandbox: Page;

beforeAll(async () => {
  disco = await startPersonDisco();
  browser = await launchBrowser();
  person = await browser.newContext();
  sandbox = await person.newPage();
  await sandbox.goto(disco.sandboxUrl);
  await sandbox.getByText("Ready", { exact: false }).first().waitFor();
});
afterAll(async () => {
  await browser.close();
  await disco.stop();
});

/** What a native program does: it listens on loopback, and keeps what it is given in memory. */
class NativeClient {
  readonly #server: Server;
  readonly #arrived = Promise.withResolvers<URLSearchParams>();
  asked: URL | undefined;
  #information: unknown;
  #tokens: unknown;
  #verifier = "";
  readonly clientMetadata;

  private constructor(server: Server, name: string) {
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    this.redirectUrl = `http://127.0.0.1:${port}/callback`;
    this.clientMetadata = {
      client_name: name,
      redirect_uris: [this.redirectUrl],
      token_endpoint_auth_method: "none",
    };
    server.on("request", (request, response) => {
      response.end("You can close this.");
      this.#arrived.resolve(new URL(request.url ?? "", this.redirectUrl).searchParams);
    });
  }

  readonly redirectUrl: string;

  static async start(name: string): Promise<NativeClient> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new NativeClient(server, name);
  }

  state = () => "a state of the client's own";
  // What the SDK gave is what it gets back.
  clientInformation = () => this.#information as never;
  saveClientInformation = (information: unknown) => void (this.#information = information);
  tokens = () => this.#tokens as never;
  saveTokens = (tokens: unknown) => void (this.#tokens = tokens);
  codeVerifier = () => this.#verifier;
  saveCodeVerifier = (verifier: string) => void (this.#verifier = verifier);
  redirectToAuthorization = (url: URL) => void (this.asked = url);

  /** What the browser brought, once the person has answered. */
  answer(): Promise<URLSearchParams> {
    return this.#arrived.promise;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** The person reads the page and allows it. */
async function allow(client: NativeClient, name: string): Promise<void> {
  const page = await person.newPage();
  await page.goto(client.asked?.href ?? "");
  const host = new URL(client.redirectUrl).host;
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("this computer");
  expect(await page.locator(".host").textContent()).toBe(host);
  expect(await page.locator("q").textContent()).toBe(name);
  const button = page.getByRole("button", { name: "Allow" });
  await expect.poll(() => button.isEnabled()).toBe(true);
  await button.click();
  await page.getByText("You can close this.").waitFor();
  await page.close();
}

describe("clients that sign in by themselves", () => {
  it.each([
    ["2026-07-28", { pin: "2026-07-28" }],
    ["with sessions", "legacy"],
  ] as const)("the v2 SDK, %s, from the challenge to a call", async (name, mode) => {
    const provider = await NativeClient.start(`v2 ${name}`);
    const connect = async () => {
      const client = new Client({ name, version: "1" }, { versionNegotiation: { mode } });
      const transport = new StreamableHTTPClientTransport(new URL(disco.mcp), {
        authProvider: provider,
      });
      return { client, transport, done: client.connect(transport) };
    };
    const first = await connect();
    await expect(first.done).rejects.toThrow("Unauthorized");
    await allow(provider, `v2 ${name}`);
    await first.transport.finishAuth(await provider.answer());
    const { client, done } = await connect();
    await done;
    const status = await client.callTool({ name: "container_status", arguments: {} });
    expect(status.isError ?? false).toBe(false);
    await client.close();
    provider.close();
  });

  it("the v1 SDK, from the challenge to a call", async () => {
    const provider = await NativeClient.start("v1");
    const connect = () => {
      const client = new ClientV1({ name: "v1", version: "1" });
      const transport = new TransportV1(new URL(disco.mcp), { authProvider: provider });
      return { client, transport, done: client.connect(transport) };
    };
    const first = connect();
    await expect(first.done).rejects.toThrow("Unauthorized");
    await allow(provider, "v1");
    await first.transport.finishAuth((await provider.answer()).get("code") ?? "");
    const { client, done } = connect();
    await done;
    const status = await client.callTool({ name: "container_status", arguments: {} });
    expect(status.isError ?? false).toBe(false);
    await client.close();
    provider.close();
  });
});

describe("the consent page in a browser", () => {
  it("lets Allow work only once it has been seen, and is shown in no frame", async () => {
    const provider = await NativeClient.start("hasty");
    const client = new ClientV1({ name: "hasty", version: "1" });
    const transport = new TransportV1(new URL(disco.mcp), { authProvider: provider });
    await expect(client.connect(transport)).rejects.toThrow("Unauthorized");
    const page = await person.newPage();
    await page.goto(provider.asked?.href ?? "");
    const button = page.getByRole("button", { name: "Allow" });
    // A script of the page's own holds it back; the click of a double click comes too early.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    expect(await button.isDisabled()).toBe(true);
    await expect.poll(() => button.isEnabled()).toBe(true);
    const framing = await person.newPage();
    await framing.setContent(`<iframe src="${page.url()}"></iframe>`);
    const frame = framing.frames()[1];
    await expect.poll(() => frame?.url()).toContain("chrome-error:");
    provider.close();
  });
});
