import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { EgressRequest, type HeaderList, readHead, writeHead } from "#protocol/egress-frame.ts";
import { NodeContainer } from "#test/support/node-container.ts";

interface Asked extends EgressRequest {
  readonly text: string;
}
interface Told {
  readonly status?: number;
  readonly headers?: HeaderList;
  readonly body?: BodyInit;
}

const asked: Asked[] = [];
/** What the other host answers to each path; else its own path. */
const answers: Record<string, () => Told> = {};
let aborted = 0;

/** The worker's proxy, whose other hosts are the test. */
async function worker(_url: string, init: RequestInit): Promise<Response> {
  init.signal?.addEventListener("abort", () => (aborted += 1));
  const stream = new Response(init.body as Blob).body as ReadableStream<Uint8Array>;
  const { head, body } = await readHead(stream, EgressRequest);
  asked.push({ ...head, text: await new Response(body).text() });
  const path = new URL(head.url).pathname;
  const { status = 200, headers = [], body: told = path } = answers[path]?.() ?? {};
  const parts = [writeHead({ status, reason: "Fine", headers }), new Response(told).body];
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  void (async () => {
    const writer = writable.getWriter();
    await writer.write(parts[0] as Uint8Array);
    writer.releaseLock();
    await (parts[1] as ReadableStream<Uint8Array>).pipeTo(writable);
  })().catch(() => {});
  return new Response(readable);
}

const https = (host: string) => ({ scheme: "https", host, port: 443 }) as const;
const container = new NodeContainer({
  fetch: worker,
  allowed: [
    https("api.example.com"),
    https("other.example.com"),
    { scheme: "http", host: "plain.example.com", port: 8080 },
  ],
});
afterAll(() => container.dispose());
beforeEach(() => {
  asked.length = 0;
});

async function node(source: string): Promise<string> {
  const { stdout, stderr } = await container.run(["node", "-e", source]);
  expect(stderr).toBe("");
  return stdout.trim();
}

const headerOf = (request: Asked | undefined, name: string): string | undefined =>
  request?.headers.find(([given]) => given.toLowerCase() === name)?.[1];

describe("fetch", () => {
  it("sends what the program says, and reads what the host says", async () => {
    answers["/made"] = () => ({
      status: 201,
      headers: [
        ["content-type", "application/json"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ],
      body: '{"ok":true}',
    });
    const said = await node(`
      fetch("https://api.example.com/made?q=1", {
        method: "POST", headers: { authorization: "Bearer k", "content-type": "text/plain" }, body: "text",
      }).then(async (response) => console.log(response.status, response.statusText,
        response.headers.getSetCookie().join(), (await response.json()).ok))`);
    expect(said).toBe("201 Fine a=1,b=2 true");
    const [request] = asked;
    expect(request).toMatchObject({
      method: "POST",
      url: "https://api.example.com/made?q=1",
      text: "text",
    });
    expect(headerOf(request, "authorization")).toBe("Bearer k");
    expect(headerOf(request, "host")).toBe("api.example.com");
  });

  it("follows redirects itself, and tells another host nothing that was meant for the first", async () => {
    answers["/away"] = () => ({
      status: 307,
      headers: [["location", "https://other.example.com/there"]],
    });
    const said = await node(`
      fetch("https://api.example.com/away", { headers: { authorization: "Bearer k", "x-own": "1" } })
        .then(async (response) => console.log(response.url, response.redirected, await response.text()))`);
    expect(said).toBe("https://other.example.com/there true /there");
    expect(headerOf(asked[0], "authorization")).toBe("Bearer k");
    expect(headerOf(asked[1], "authorization")).toBeUndefined();
    expect(headerOf(asked[1], "x-own")).toBe("1");
  });

  it("does not follow to where nobody has allowed it", async () => {
    answers["/astray"] = () => ({ status: 302, headers: [["location", "https://evil.example/"]] });
    const said = await node(`
      fetch("https://api.example.com/astray").catch(({ cause }) => console.log(cause.code, cause.message))`);
    expect(said).toContain("ENETUNREACH connect ENETUNREACH evil.example:443. No network access");
    expect(asked).toHaveLength(1);
  });

  it("reads a stream of events as it comes, and lets go of it", async () => {
    answers["/events"] = () => ({
      headers: [["content-type", "text/event-stream"]],
      body: new ReadableStream<Uint8Array>({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 10));
          controller.enqueue(new TextEncoder().encode("data: tick\n\n"));
        },
      }),
    });
    const before = aborted;
    const said = await node(`
      const stop = new AbortController();
      (async () => {
        let count = 0;
        const response = await fetch("https://api.example.com/events", { signal: stop.signal });
        try {
          for await (const part of response.body) if (++count === 3) stop.abort();
        } catch (error) { console.log(count, error.name); }
      })()`);
    expect(said).toBe("3 AbortError");
    await expect.poll(() => aborted).toBe(before + 1);
  });
});

describe("http and https", () => {
  it("speak to the port that is meant, by options, URLs and agents", async () => {
    const said = await node(`
      const http = require("http"), https = require("https");
      const read = (request) => new Promise((resolve, reject) => {
        request.on("error", reject).on("response", async (response) => {
          let text = ""; for await (const part of response) text += part;
          resolve(response.statusCode + text);
        }).end();
      });
      (async () => {
        console.log(await read(https.request("https://api.example.com/one")));
        console.log(await read(https.request({ hostname: "api.example.com", path: "/two" })));
        console.log(await read(https.get({ host: "api.example.com", path: "/three", agent: false })));
        const agent = new https.Agent({ keepAlive: true });
        console.log(await read(http.request({ protocol: "https:", host: "api.example.com", path: "/four", agent })));
        console.log(await read(https.request({ host: "api.example.com", path: "/five", agent })));
        console.log(await read(http.request("http://plain.example.com:8080/six")));
      })()`);
    expect(said.split("\n")).toEqual(
      ["one", "two", "three", "four", "five", "six"].map((path) => `200/${path}`),
    );
    expect(asked.map(({ url }) => new URL(url).origin)).toEqual([
      ...Array.from({ length: 5 }, () => "https://api.example.com"),
      "http://plain.example.com:8080",
    ]);
    expect(headerOf(asked[5], "host")).toBe("plain.example.com:8080");
  });

  it("send a body that is written in parts", async () => {
    const said = await node(`
      const request = require("https").request("https://api.example.com/up", { method: "PUT" }, (response) => {
        response.resume(); console.log(response.statusCode);
      });
      request.write("a"); setTimeout(() => request.end("b".repeat(100000)), 10);`);
    expect(said).toBe("200");
    expect(asked[0]?.text).toBe(`a${"b".repeat(100_000)}`);
  });

  it("fail by an error event that says what to do", async () => {
    const said = await node(`
      require("https").get("https://www.example.com/").on("error", (error) =>
        console.log(error.code, error.errno, error.syscall, error.address, error.port, error.message))`);
    expect(said).toBe(
      "ENETUNREACH -101 connect www.example.com 443 connect ENETUNREACH www.example.com:443. " +
        "No network access to www.example.com:443 has been granted to this container. " +
        "Allow it in the page under Network, then run this again.",
    );
  });

  it("do not mix their protocols up", async () => {
    const said = await node(`
      for (const [name, url] of [["http", "https://api.example.com"], ["https", "http://plain.example.com:8080"]])
        try { require(name).get(url) } catch (error) { console.log(error.code, error.message) }`);
    expect(said.split("\n")).toEqual([
      'ERR_INVALID_PROTOCOL Protocol "https:" not supported. Expected "http:"',
      'ERR_INVALID_PROTOCOL Protocol "http:" not supported. Expected "https:"',
    ]);
  });
});
