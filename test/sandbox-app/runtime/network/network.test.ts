import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Socket } from "#sandbox/runtime/embedded/kernel/open/socket.ts";
import { Waits } from "#sandbox/runtime/embedded/kernel/open/waits.ts";
import { Network } from "#sandbox/runtime/embedded/network/network.ts";
import { endless, NetworkRig, passedOn } from "#test/support/network-rig.ts";

const asker = { pid: 7, argv: ["node", "client.js"] };
const caller = { pid: 7, group: 7, waits: new Waits() };

let rig: NetworkRig;
afterEach(() => rig.close());
const start = (...hosts: string[]): NetworkRig => {
  rig = new NetworkRig();
  rig.rules(...hosts);
  return rig;
};

const send = (socket: Socket, text: string) =>
  socket.write(new TextEncoder().encode(text), null, caller);

async function readUntil(socket: Socket, end: string): Promise<string> {
  let text = "";
  while (!text.includes(end)) {
    const bytes = await socket.read(65_536, null, caller);
    if (bytes.length === 0) return text;
    text += new TextDecoder().decode(bytes);
  }
  return text;
}

const GET = "GET /path HTTP/1.1\r\nHost: api.example.com\r\n\r\n";

describe("a connection to a host that is allowed", () => {
  it("carries requests one after the other, with one token for all", async () => {
    const { network, asked } = start("api.example.com");
    const socket = await network.connect("https://api.example.com", asker);
    await send(socket, GET);
    expect(await readUntil(socket, "0\r\n\r\n")).toBe(
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: keep-alive\r\n\r\n" +
        "5\r\nhello\r\n0\r\n\r\n",
    );
    rig.answer = () => passedOn("four", [["content-length", "4"]]);
    await send(socket, "POST /x HTTP/1.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
    expect(await readUntil(socket, "never")).toMatch(/content-length: 4\r\n[^]*\r\n\r\nfour$/);
    expect(asked.map(({ head, body, token }) => [head.method, head.url, body, token])).toEqual([
      ["GET", "https://api.example.com/path", "", "Bearer token-1"],
      ["POST", "https://api.example.com/x", "hi", "Bearer token-1"],
    ]);
    expect(rig.tokensWanted).toBe(1);
  });

  it("asks for another token when the first is about to end", async () => {
    const { network, asked } = start("api.example.com");
    const socket = await network.connect("https://api.example.com", asker);
    await send(socket, GET);
    await readUntil(socket, "0\r\n\r\n");
    rig.now += 290_000;
    await send(socket, GET);
    await readUntil(socket, "0\r\n\r\n");
    expect(asked.map(({ token }) => token)).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  it("counts what was used", async () => {
    const { network } = start("api.example.com");
    const socket = await network.connect("https://api.example.com", asker);
    await send(socket, "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
    await readUntil(socket, "0\r\n\r\n");
    await expect
      .poll(() => rig.uses)
      .toEqual([
        {
          host: "https://api.example.com",
          requests: 1,
          bytesSent: 3,
          bytesReceived: 5,
          lastAt: 1_000_000,
        },
      ]);
  });

  it("has no body where the answer cannot have one", async () => {
    const { network } = start("api.example.com");
    rig.answer = () => passedOn(null, [["content-length", "5"]]);
    const socket = await network.connect("https://api.example.com", asker);
    await send(socket, "HEAD / HTTP/1.1\r\n\r\n");
    expect(await readUntil(socket, "\r\n\r\n")).toContain("content-length: 5");
  });

  it("is let go of when its program goes", async () => {
    const { network } = start("api.example.com");
    rig.answer = () => new Promise<Response>(() => {});
    const socket = await network.connect("https://api.example.com", asker);
    await send(socket, GET);
    await expect.poll(() => rig.asked.length).toBe(1);
    socket.close();
    await expect.poll(() => rig.asked[0]?.signal?.aborted).toBe(true);
  });

  it("ends with a reason when it is allowed no longer, while others go on", async () => {
    const { network } = start("api.example.com", "other.example.com");
    rig.answer = ({ signal }) => passedOn(endless(signal));
    const socket = await network.connect("https://api.example.com", asker);
    const other = await network.connect("https://other.example.com", asker);
    await send(socket, GET);
    await send(other, GET);
    await readUntil(socket, "3\r\n\0\0\0\r\n");
    await readUntil(other, "3\r\n\0\0\0\r\n");
    rig.rules("other.example.com");
    await expect(readUntil(socket, "never")).rejects.toMatchObject({
      code: "ECONNRESET",
      message: "Network access to api.example.com:443 was revoked in the page.",
    });
    const still = await Promise.race([readUntil(other, "never"), sleep(50, "going on")]);
    expect(still).toBe("going on");
  });

  it.each([
    ["network_unavailable", "a.example:443 cannot be reached.", "EHOSTUNREACH"],
    ["network_unavailable", "a.example:443 does not answer in time.", "ETIMEDOUT"],
    ["network_refused", "Disco's own hosts cannot be reached.", "ENETUNREACH"],
    ["overloaded", "Too many requests.", "EAGAIN"],
  ])("tells its program what the worker says: %s, %s", async (code, detail, errno) => {
    const { network } = start("api.example.com");
    rig.answer = () => Response.json({ code, detail }, { status: 502 });
    const socket = await network.connect("https://api.example.com", asker);
    await send(socket, GET);
    await expect(readUntil(socket, "never")).rejects.toMatchObject({
      code: errno,
      message: detail,
    });
  });

  it("believes the worker, not the page, when they differ", async () => {
    const { network } = start("api.example.com");
    rig.answer = () =>
      Response.json({ code: "network_not_granted", detail: "No." }, { status: 403 });
    const socket = await network.connect("https://api.example.com", asker);
    await send(socket, GET);
    await expect(readUntil(socket, "never")).rejects.toThrow(/Allow it in the page under Network/);
    await expect
      .poll(() => rig.wishes.map(({ host }) => host))
      .toEqual(["https://api.example.com"]);
  });

  it("speaks HTTP/1.1 only", async () => {
    const { network } = start("api.example.com");
    const socket = await network.connect("https://api.example.com", asker);
    await send(socket, "\u0016\u0003\u0001 hello of TLS\r\n\r\n");
    await expect(readUntil(socket, "never")).rejects.toMatchObject({ code: "EINVAL" });
    expect(rig.asked).toEqual([]);
  });
});

describe("a host that nobody has allowed", () => {
  it("is refused at once, and becomes a wish with the program's name", async () => {
    const { network } = start();
    const refused = network.connect("https://api.example.com:8443", asker);
    await expect(refused).rejects.toMatchObject({
      code: "ENETUNREACH",
      message:
        "No network access to api.example.com:8443 has been granted to this container. " +
        "Allow it in the page under Network, then run this again.",
    });
    const last = { pid: 9, argv: ["node", "x".repeat(500)] };
    await network.connect("https://api.example.com:8443", last).catch(() => {});
    await expect
      .poll(() => rig.wishes)
      .toEqual([
        {
          host: "https://api.example.com:8443",
          pid: 9,
          program: `node ${"x".repeat(195)}`,
          count: 2,
        },
      ]);
    rig.rules("*.example.com:8443");
    await expect.poll(() => rig.wishes).toEqual([]);
  });

  it("is one of few that are remembered, however many a program invents", async () => {
    const { network } = start();
    for (let count = 0; count < 100; count += 1) {
      await network.connect(`https://h${count}.example.com`, asker).catch(() => {});
    }
    await expect.poll(() => rig.wishes.length).toBe(32);
    expect(rig.wishes.at(-1)?.host).toBe("https://h99.example.com");
  });

  it.each([
    "https://127.0.0.1",
    "http://printer.local",
    "https://u:p@a.example",
    "ftp://a.example",
  ])("is no wish when nobody can allow it: %s", async (origin) => {
    const { network } = start();
    await expect(network.connect(origin, asker)).rejects.toMatchObject({ code: "ENETUNREACH" });
    await sleep(250);
    expect(rig.wishes).toEqual([]);
  });

  it("is refused with the page's words when it cannot say what is allowed", async () => {
    rig = new NetworkRig();
    const connecting = rig.network.connect("https://api.example.com", asker);
    rig.page.postMessage({ type: "failed", message: "The worker could not be reached." }, []);
    await expect(connecting).rejects.toThrow("The worker could not be reached.");
  });

  it("is refused where there is no page at all", async () => {
    rig = new NetworkRig();
    const network = new Network({ nextIno: () => 1 });
    await expect(network.connect("https://api.example.com", asker)).rejects.toThrow(
      "This container has no network.",
    );
  });
});
