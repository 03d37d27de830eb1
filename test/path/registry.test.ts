import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEST_SECRET } from "#test/support/edge-rig.ts";
import { keepRedirectsManual } from "#test/support/faithful-outgoing.ts";
import { NpmRegistry } from "#test/support/npm-registry.ts";
import { type RunningWorker, startWorker } from "#test/support/worker-harness.ts";

let registry: NpmRegistry;
let worker: RunningWorker;
/** Another host, which must never be asked. */
let strangerWasAsked = false;
const stranger = createServer((_request, response) => {
  strangerWasAsked = true;
  response.end("{}");
});

let restoreFetch: () => void;

beforeAll(async () => {
  restoreFetch = keepRedirectsManual();
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  registry = await NpmRegistry.start();
  registry.publish({ name: "plain", version: "1.0.0" });
  registry.publish({ name: "@scope/part", version: "2.0.0" });
  worker = await startWorker({
    vars: { DISCO_LOCAL_SECRET: TEST_SECRET, DISCO_REGISTRY_URL: registry.url },
  });
});
afterAll(async () => {
  restoreFetch();
  await worker.close();
  await registry.close();
  await new Promise((resolve) => stranger.close(resolve));
});

const strangerUrl = () => `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`;
const runtime = () => `http://rt.disco.localhost:${worker.url.port}`;
const fromRuntime = { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty" };

function ask(path: string, init: { method?: string; headers?: Record<string, string> } = {}) {
  const headers = init.headers ?? fromRuntime;
  return worker.fetch(runtime() + path, { method: init.method ?? "GET", headers });
}

async function refusal(answer: Awaited<ReturnType<typeof ask>>): Promise<[number, unknown]> {
  const body = answer.headers.get("Content-Type")?.includes("problem") ? await answer.json() : {};
  return [answer.status, (body as { code?: unknown }).code];
}

describe("packages for the container", () => {
  it("come with every URL of the registry turned into one of ours", async () => {
    const answer = await ask("/__disco/registry/@scope%2fpart");
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).not.toContain(registry.url);
    const { versions } = JSON.parse(text) as { versions: Record<string, { dist: object }> };
    expect(versions["2.0.0"]?.dist).toEqual({
      integrity: registry.integrityOf("@scope/part", "2.0.0"),
      tarball: `${runtime()}/__disco/registry/@scope/part/-/part-2.0.0.tgz`,
    });
  });

  it("are kept for ever as tarballs, and for a minute as metadata", async () => {
    const metadata = await ask("/__disco/registry/plain");
    await metadata.text();
    expect(metadata.headers.get("Cache-Control")).toContain("max-age=60");
    const tarball = await ask("/__disco/registry/plain/-/plain-1.0.0.tgz");
    const bytes = new Uint8Array(await tarball.arrayBuffer());
    expect([bytes[0], bytes[1]]).toEqual([0x1f, 0x8b]);
    expect(tarball.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
  });

  it("are not sent again to who has them", async () => {
    const first = await ask("/__disco/registry/plain");
    await first.text();
    const tag = first.headers.get("ETag") ?? "";
    expect(tag).toMatch(/^W\/"/);
    const again = await ask("/__disco/registry/plain", {
      headers: { ...fromRuntime, "If-None-Match": tag },
    });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  it("can be asked about with HEAD", async () => {
    const answer = await ask("/__disco/registry/plain", { method: "HEAD" });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
  });

  it("cannot be shown, run or embedded by a browser, whatever they hold", async () => {
    registry.override("/html", (_request, response) => {
      response.writeHead(200, { "Content-Type": "text/html", "Set-Cookie": "a=b", Refresh: "0" });
      response.end("<script>1</script>");
    });
    const { headers, ...answer } = await ask("/__disco/registry/html");
    expect(answer).toBeDefined();
    expect(headers.get("Content-Type")).toBe("application/json");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Content-Security-Policy")).toContain("sandbox");
    expect(headers.get("Content-Disposition")).toBe("attachment");
    expect(headers.get("Set-Cookie")).toBeNull();
    expect(headers.get("Refresh")).toBeNull();
  });

  it("are asked for with nothing of the caller's request", async () => {
    const secrets = { Cookie: "a=b", Authorization: "Bearer x", "X-Forwarded-For": "1.2.3.4" };
    await (
      await ask("/__disco/registry/plain", { headers: { ...fromRuntime, ...secrets } })
    ).text();
    const { headers } = registry.requests.at(-1)!;
    expect(headers.accept).toContain("application/vnd.npm.install-v1+json");
    expect(headers).not.toHaveProperty("cookie");
    expect(headers).not.toHaveProperty("authorization");
    expect(JSON.stringify(headers)).not.toContain("1.2.3.4");
  });

  it("say when the registry has none", async () => {
    expect(await refusal(await ask("/__disco/registry/none"))).toEqual([404, "package_not_found"]);
  });
});

describe("who may ask", () => {
  it.each<[string, Record<string, string>]>([
    ["a page of another site", { "Sec-Fetch-Site": "cross-site" }],
    ["a preview beside the runtime", { "Sec-Fetch-Site": "same-site" }],
    ["an address bar", { "Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document" }],
    ["a frame in the runtime", { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe" }],
    ["a script element", { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "script" }],
    ["a service worker's script", { ...fromRuntime, "Sec-Fetch-Dest": "serviceworker" }],
    ["a program that shows nothing", {}],
    ["another origin", { Origin: "http://evil.example" }],
    [
      "another origin that claims to be the same",
      { ...fromRuntime, Origin: "http://evil.example" },
    ],
  ])("not %s", async (_who, headers) => {
    const before = registry.requests.length;
    expect(await refusal(await ask("/__disco/registry/plain", { headers }))).toEqual([
      403,
      "origin_not_allowed",
    ]);
    expect(registry.requests).toHaveLength(before);
  });

  it("the runtime's page in a browser without fetch metadata", async () => {
    const answer = await ask("/__disco/registry/plain", { headers: { Origin: runtime() } });
    expect(answer.status).toBe(200);
    await answer.text();
  });

  it("nobody on the page's own host", async () => {
    const answer = await worker.fetch(
      `http://disco.localhost:${worker.url.port}/__disco/registry/plain`,
      {
        headers: fromRuntime,
      },
    );
    expect(await refusal(answer)).toEqual([404, "route_not_found"]);
  });

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("nobody with %s", async (method) => {
    const answer = await ask("/__disco/registry/plain", { method });
    expect(answer.headers.get("Allow")).toBe("GET, HEAD");
    expect(await refusal(answer)).toEqual([405, "method_not_allowed"]);
  });
});

describe("what may be asked for", () => {
  it.each([
    "/__disco/registry/",
    "/__disco/registry/-/v1/search",
    "/__disco/registry/-/user/token",
    "/__disco/registry/-/all",
    "/__disco/registry/plain/1.0.0",
    "/__disco/registry/plain?write=true",
    "/__disco/registry/plain/-/plain-1.0.0.tgz?x",
    "/__disco/registry/plain/-/..%2f..%2fsecret.tgz",
    "/__disco/registry/plain/-/%2e%2e%2fsecret.tgz",
    "/__disco/registry/..%2fsecret",
    "/__disco/registry/@scope%2f..%2fsecret",
    "/__disco/registry/@scope%2f%2e%2e",
    "/__disco/registry/.hidden",
    "/__disco/registry/@evil.example:80@scope/x",
    "/__disco/registry/http:%2f%2fevil.example%2fx",
    "/__disco/registry//evil.example/x",
    "/__disco/registry/plain%00",
    "/__disco/registry/plain/-/plain-1.0.0.zip",
    `/__disco/registry/${"a".repeat(215)}`,
  ])("not %s", async (path) => {
    const before = registry.requests.length;
    expect((await refusal(await ask(path)))[0]).toBe(404);
    expect(registry.requests).toHaveLength(before);
  });

  it("not what the registry has elsewhere: its URLs stay foreign to the client", async () => {
    const tarball = `${strangerUrl()}plain/-/plain-1.0.0.tgz`;
    registry.override("/elsewhere", (_request, response) => {
      response.end(JSON.stringify({ versions: { "1.0.0": { dist: { tarball } } } }));
    });
    expect(await (await ask("/__disco/registry/elsewhere")).text()).toContain(tarball);
  });

  it("not what the registry redirects to on another host", async () => {
    registry.override("/moved", (_request, response) => {
      response.writeHead(302, { Location: `${strangerUrl()}moved` }).end();
    });
    expect(await refusal(await ask("/__disco/registry/moved"))).toEqual([502, "registry_refused"]);
    expect(strangerWasAsked).toBe(false);
  });

  it("but what it redirects to on its own host", async () => {
    registry.override("/renamed", (_request, response) => {
      response.writeHead(302, { Location: "/plain" }).end();
    });
    expect(await (await ask("/__disco/registry/renamed")).json()).toMatchObject({ name: "plain" });
  });

  it("not what it redirects to for ever", async () => {
    registry.override("/loop", (_request, response) => {
      response.writeHead(302, { Location: "/loop" }).end();
    });
    expect(await refusal(await ask("/__disco/registry/loop"))).toEqual([502, "registry_refused"]);
  });
});

it("says that no registry is configured", async () => {
  const bare = await startWorker({ vars: { DISCO_LOCAL_SECRET: TEST_SECRET } });
  try {
    const url = `http://rt.disco.localhost:${bare.url.port}/__disco/registry/plain`;
    const answer = await bare.fetch(url, { headers: fromRuntime });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: "not_configured",
      details: { missing: ["DISCO_REGISTRY_URL"] },
    });
  } finally {
    await bare.close();
  }
});
