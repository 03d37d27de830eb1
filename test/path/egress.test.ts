import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EgressRig } from "#test/support/egress-rig.ts";

let rig: EgressRig;
beforeAll(async () => {
  rig = await EgressRig.start();
  await rig.allow(rig.origin);
});
afterAll(() => rig.close());
beforeEach(() => {
  rig.requests.length = 0;
  rig.respond = (_request, response) => response.end("hello");
});

describe("a host that was allowed", () => {
  it("gets the program's request and answers it", async () => {
    rig.respond = (request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        response.writeHead(201, "Made", { "X-Kind": "test", "Set-Cookie": ["a=1", "b=2"] });
        response.end(`${request.method} ${request.url} ${body}`);
      });
    };
    const answer = await rig.ask(`${rig.origin}/things?a=b#part`, {
      method: "POST",
      headers: [["Content-Type", "text/plain"]],
      body: "some bytes",
    });
    expect(answer.head).toMatchObject({ status: 201, reason: "Made" });
    expect(answer.head?.headers).toContainEqual(["x-kind", "test"]);
    expect(answer.head?.headers.filter(([name]) => name === "set-cookie")).toEqual([
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]);
    expect(await answer.text()).toBe("POST /things?a=b some bytes");
    expect(rig.requests[0]?.headers["content-length"]).toBe("10");
  });

  it("is told the program's own headers, and nothing of the browser's or of the edge's", async () => {
    const answer = await rig.ask(rig.origin, {
      from: { ...rig.fromRuntime, Cookie: "__Host-disco=secret", "X-Forwarded-For": "1.2.3.4" },
      headers: [
        ["Authorization", "Bearer of-the-guest"],
        ["Cookie", "guest=1"],
        ["X-Own", "yes"],
        ["Host", "evil.example"],
        ["Connection", "keep-alive, X-Hop"],
        ["X-Hop", "1"],
        ["Transfer-Encoding", "chunked"],
        ["Upgrade", "websocket"],
        ["CF-Connecting-IP", "6.6.6.6"],
        ["X-Forwarded-For", "6.6.6.6"],
        ["Forwarded", "for=6.6.6.6"],
        ["Sec-Fetch-Site", "same-origin"],
        ["Disco-Anything", "1"],
        ["MF-Original-URL", "http://evil.example"],
      ],
    });
    await answer.text();
    const { headers } = rig.requests[0]!;
    expect(headers).toMatchObject({
      authorization: "Bearer of-the-guest",
      cookie: "guest=1",
      "x-own": "yes",
      host: `localhost:${rig.port}`,
    });
    const told = JSON.stringify(headers);
    for (const secret of ["__Host-disco", "1.2.3.4", "6.6.6.6", "evil.example", "disco-anything"]) {
      expect(told).not.toContain(secret);
    }
    expect(headers).not.toHaveProperty("x-hop");
    expect(headers).not.toHaveProperty("upgrade");
  });

  it("may answer by a redirect, which nobody follows", async () => {
    rig.respond = (_request, response) => {
      response.writeHead(302, { Location: "http://host.disco.internal:1/secret" }).end();
    };
    const answer = await rig.ask(`${rig.origin}/from`);
    expect(answer.head?.status).toBe(302);
    expect(answer.head?.headers).toContainEqual([
      "location",
      "http://host.disco.internal:1/secret",
    ]);
    expect(await answer.text()).toBe("");
    expect(rig.requests).toHaveLength(1);
  });

  it("can say nothing that the browser would obey, show or run", async () => {
    rig.respond = (_request, response) => {
      response.writeHead(200, {
        "Content-Type": "text/html",
        "Set-Cookie": "planted=1",
        "Clear-Site-Data": '"*"',
        "Access-Control-Allow-Origin": "*",
        Refresh: "0",
      });
      response.end("<script>1</script>");
    };
    const { headers, status, text } = await rig.ask(rig.origin);
    expect(await text()).toBe("<script>1</script>");
    expect(status).toBe(200);
    expect(headers.get("Content-Type")).toBe("application/octet-stream");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Content-Security-Policy")).toContain("sandbox");
    expect(headers.get("Content-Disposition")).toBe("attachment");
    expect(headers.get("Cache-Control")).toContain("no-store");
    for (const name of [
      "Set-Cookie",
      "Clear-Site-Data",
      "Access-Control-Allow-Origin",
      "Refresh",
    ]) {
      expect(headers.get(name)).toBeNull();
    }
  });

  it("streams its answer as it comes", async () => {
    const { promise: goOn, resolve } = Promise.withResolvers<void>();
    rig.respond = (_request, response) => {
      response.write("first");
      void goOn.then(() => response.end("last"));
    };
    const { body } = await rig.ask(rig.origin);
    const reader = body!.getReader();
    const first = await reader.read();
    expect(new TextDecoder().decode(first.value)).toBe("first");
    resolve();
    const last = await reader.read();
    expect(new TextDecoder().decode(last.value)).toBe("last");
    expect((await reader.read()).done).toBe(true);
  });
});

describe("who may ask", () => {
  it.each<[string, Record<string, string>]>([
    ["a page of another site", { "Sec-Fetch-Site": "cross-site" }],
    ["a preview beside the runtime", { "Sec-Fetch-Site": "same-site" }],
    ["an address bar", { "Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document" }],
    ["a form in the runtime", { "Sec-Fetch-Dest": "iframe" }],
    ["a script element", { "Sec-Fetch-Dest": "script" }],
    ["another origin", { Origin: "http://evil.example" }],
  ])("not %s", async (_who, changed) => {
    const answer = await rig.ask(rig.origin, { from: { ...rig.fromRuntime, ...changed } });
    expect([answer.status, answer.code]).toEqual([403, "origin_not_allowed"]);
    expect(rig.requests).toHaveLength(0);
  });

  it.each(["Sec-Fetch-Site", "Sec-Fetch-Dest", "Origin"])("nobody without %s", async (name) => {
    const { [name]: _, ...from } = rig.fromRuntime;
    const answer = await rig.ask(rig.origin, { from });
    expect(answer.code).toBe("origin_not_allowed");
  });

  it("nobody without the container's token", async () => {
    const answer = await rig.ask(rig.origin, { token: null });
    expect([answer.status, answer.code]).toEqual([401, "unauthenticated"]);
  });

  it("nobody with a token of another kind", async () => {
    const answer = await rig.ask(rig.origin, { token: rig.edge.token });
    expect([answer.status, answer.code]).toEqual([401, "unauthenticated"]);
  });

  it("nobody with a token that is too old", async () => {
    const token = await rig.tokenFor(rig.container, { now: Date.now() / 1_000 - 301 });
    const answer = await rig.ask(rig.origin, { token });
    expect([answer.status, answer.code]).toEqual([401, "unauthenticated"]);
  });

  it("no other container, which was allowed nothing", async () => {
    const token = await rig.tokenFor(`c_${"0".repeat(32)}`);
    const answer = await rig.ask(rig.origin, { token });
    expect([answer.status, answer.code]).toEqual([403, "network_not_granted"]);
    expect(rig.requests).toHaveLength(0);
  });

  it("nobody on the page's own host", async () => {
    const answer = await rig.edge.fromPage("/__disco/egress/", { method: "POST" });
    expect(answer.status).toBe(404);
    await answer.text();
  });

  it.each(["GET", "PUT", "DELETE", "OPTIONS"])("nobody with %s", async (method) => {
    const answer = await rig.edge.worker.fetch(`${rig.runtime}/__disco/egress/`, {
      method,
      headers: rig.fromRuntime,
    });
    expect([answer.status, answer.headers.get("Allow")]).toEqual([405, "POST"]);
    await answer.text();
  });
});

describe("what may be asked for", () => {
  it("not what was not allowed", async () => {
    const answer = await rig.ask("https://api.example.com/v1");
    expect([answer.status, answer.code]).toEqual([403, "network_not_granted"]);
    expect(answer.detail).toContain("api.example.com:443");
  });

  it("not another port, and not another scheme, than was allowed", async () => {
    for (const url of [`http://host.disco.internal:${rig.port + 1}/`, "http://api.example.com/"]) {
      expect((await rig.ask(url)).code).toBe("network_not_granted");
    }
  });

  it.each([
    "http://127.0.0.1:80/",
    "http://127.1/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]/",
    "http://[::ffff:7f00:1]/",
    "http://10.0.0.1.:80/",
    "http://localhost/",
    "http://rt.disco.localhost/",
    "http://router/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://nas.home.arpa/",
    "https://user@api.example.com/",
    "https://user:word@api.example.com/",
    "https://api.example.com./",
    "https://host.disco.internal:8443/",
    "ftp://api.example.com/",
    "file:///etc/passwd",
    "javascript:1",
    "//api.example.com/",
    "",
  ])("never %s", async (url) => {
    const answer = await rig.ask(url);
    expect([answer.status, answer.code]).toEqual([403, "network_refused"]);
  });

  it("never Disco's own port, also when it was allowed", async () => {
    const own = `http://host.disco.internal:${rig.edge.worker.url.port}`;
    expect(await rig.allow(own)).toBe(403);
    const answer = await rig.ask(`${own}/health`);
    expect(answer.code).toBe("network_refused");
  });

  it.each<[string, object]>([
    ["CONNECT", { method: "CONNECT" }],
    ["TRACE", { method: "trace" }],
    ["no method", { method: "G T" }],
    ["no URL", { url: 7 }],
    ["a length that is none", { bodyBytes: -1 }],
    ["more than it may hold", { bodyBytes: 64 * 1024 * 1024 }],
    ["anything else", { cookie: "a=b" }],
  ])("not a head with %s", async (_what, head) => {
    const answer = await rig.ask(rig.origin, { head });
    expect([answer.status, answer.code]).toEqual([400, "invalid_input"]);
  });

  it("not a GET with a body", async () => {
    expect((await rig.ask(rig.origin, { body: "x" })).code).toBe("network_refused");
  });
});

describe("the end of a sign-in", () => {
  it("ends what its page was given, streams that are open too", async () => {
    const other = await EgressRig.start(rig.edge);
    await other.allow(other.origin);
    const token = await other.tokenFor(other.container);
    other.respond = (_request, response) => void response.write("hello");
    const open = await other.ask(other.origin, { token });
    await other.signOut();
    const refused = await other.ask(other.origin, { token });
    expect([refused.status, refused.code]).toEqual([401, "unauthenticated"]);
    expect(await open.text().catch(() => "cut")).toBe("cut");
    expect(other.requests).toHaveLength(1);
  });
});
