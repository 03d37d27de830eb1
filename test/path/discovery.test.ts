import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorCodes } from "#protocol/error-catalogue.ts";
import { toolOperations } from "#protocol/registry.ts";
import { EdgeRig, TEST_SECRET } from "#test/support/edge-rig.ts";
import { accessTokenOf } from "#test/support/access-token.ts";
import { type RunningWorker, startWorker } from "#test/support/worker-harness.ts";

const deployment = {
  DISCO_ORIGIN: "https://disco.example",
  DISCO_RUNTIME_ORIGIN: "https://runtime.disco.example",
  DISCO_SECRET: "a-secret-of-the-deployment-of-more-than-32-bytes",
  GITHUB_CLIENT_ID: "id",
  GITHUB_CLIENT_SECRET: "secret",
  // Nothing listens there: the store of this deployment is down.
  UPSTASH_REDIS_REST_URL: "http://127.0.0.1:9",
  UPSTASH_REDIS_REST_TOKEN: "a-token-that-must-not-be-told",
};

let rig: EdgeRig;
let deployed: RunningWorker;
let unconfigured: RunningWorker;

beforeAll(async () => {
  rig = await EdgeRig.start();
  deployed = await startWorker({ vars: { ...deployment, DISCO_LOCAL_SECRET: TEST_SECRET } });
  unconfigured = await startWorker({ vars: { DISCO_ORIGIN: "https://disco.example" } });
});
afterAll(async () => {
  await rig.close();
  await deployed.close();
  await unconfigured.close();
});

const local = (name = "localhost") => `http://${name}:${rig.worker.url.port}`;
const get = async <Body = Record<string, unknown>>(path: string) => {
  const answer = await rig.worker.fetch(path);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Body;
};

describe("what is told", () => {
  it("answers / with JSON or with a page, as asked", async () => {
    const json = await rig.worker.fetch("/", { headers: { Accept: "application/json" } });
    expect(await json.json()).toMatchObject({
      name: "disco",
      mcp_url: `${local()}/mcp`,
      sandbox_url: `${local("disco.localhost")}/sandbox`,
    });
    const page = await rig.worker.fetch("/", { headers: { Accept: "text/html,*/*;q=0.8" } });
    const html = await page.text();
    expect(html).toContain(`${local()}/mcp`);
    for (const { name } of toolOperations) expect(html).toContain(name);
    expect(html).toContain("Bearer $DISCO_TOKEN");
    expect(html).not.toContain("$TOKEN");
    expect(html).toContain("cannot reach this machine");
    // Nothing of the page comes from elsewhere.
    expect([...html.matchAll(/(?:src|<link[^>]* href)="(?!\/)[^"]*"/g)]).toEqual([]);
  });

  it("tells the page's values in /config", async () => {
    expect(await get("/config")).toMatchObject({
      origin: local("disco.localhost"),
      runtime_origin: local("rt.disco.localhost"),
      preview_origin: local("p{port}.disco.localhost"),
      mcp_url: `${local()}/mcp`,
      api_url: `${local()}/api/v1`,
      docs_url: `${local()}/docs`,
      openapi_actions_url: `${local()}/openapi-actions.json`,
      websocket_url: `ws://disco.localhost:${rig.worker.url.port}/relay/{container}`,
      local: true,
      limits: { call_wait_max_ms: 45_000 },
    });
  });

  it("asks the store for /health", async () => {
    expect(await get("/health")).toMatchObject({ status: "ok", checks: { store: { ok: true } } });
  });

  it("explains every error where the problems' type leads", async () => {
    const html = await (await rig.worker.fetch("/docs/errors")).text();
    for (const code of errorCodes) expect(html).toContain(`id="${code}"`);
  });

  it.each(["/docs", "/docs/legal", "/static/pages.css", "/static/swagger.js"])(
    "serves %s",
    async (path) => {
      const answer = await rig.worker.fetch(path);
      expect(answer.status).toBe(200);
      expect((await answer.text()).length).toBeGreaterThan(100);
    },
  );
});

describe("headers", () => {
  it("allows exactly the chat products and the own names to call", async () => {
    const chats = ["https://chatgpt.com", "https://chat.openai.com", "https://claude.ai"];
    for (const Origin of [...chats, local(), local("127.0.0.1"), local("disco.localhost")]) {
      const answer = await rig.api("/api/v1/containers/current", { headers: { Origin } });
      expect(answer.headers.get("Access-Control-Allow-Origin")).toBe(Origin);
      expect(answer.headers.get("Access-Control-Expose-Headers")).toBe(
        "Mcp-Session-Id, WWW-Authenticate, X-Request-Id, Retry-After",
      );
      expect(answer.headers.get("Access-Control-Allow-Credentials")).toBeNull();
      expect(answer.headers.get("Vary")).toContain("Origin");
      await answer.text();
    }
  });

  it("answers the preflight of both faces without a token", async () => {
    for (const path of ["/mcp", "/api/v1/files/current"]) {
      const answer = await rig.worker.fetch(path, {
        method: "OPTIONS",
        headers: { Origin: "https://claude.ai", "Access-Control-Request-Method": "POST" },
      });
      expect(answer.status).toBe(204);
      expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("https://claude.ai");
      expect(answer.headers.get("Access-Control-Allow-Headers")).toContain("Authorization");
      await answer.text();
    }
  });

  it("shows errors to an allowed page too", async () => {
    const headers = { Origin: "https://chatgpt.com" };
    const answer = await rig.worker.fetch("/api/v1/files/current", { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("https://chatgpt.com");
    await answer.text();
  });

  it("may be framed by the chat products on public pages only", async () => {
    for (const path of ["/", "/docs", "/docs/errors"]) {
      const answer = await rig.worker.fetch(path, { headers: { Accept: "text/html" } });
      expect(frameAncestors(answer)).toBe(
        "frame-ancestors 'self' https://chatgpt.com https://chat.openai.com https://claude.ai",
      );
      await answer.text();
    }
    for (const path of ["/config", "/api/v1/files/current", "/nothing"]) {
      const answer = await rig.worker.fetch(path);
      expect(frameAncestors(answer)).toBe("frame-ancestors 'none'");
      await answer.text();
    }
  });

  it("stands on every answer", async () => {
    for (const path of ["/", "/config", "/nothing", "/api/v1/files/current"]) {
      const { headers, body } = await rig.worker.fetch(path);
      await body?.cancel();
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Referrer-Policy")).toBe("same-origin");
      expect(headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe("the hosts of local mode", () => {
  it.each(["localhost", "127.0.0.1", "[::1]", "disco.localhost"])("serves on %s", async (name) => {
    const answer = await rig.worker.fetch(`${local(name)}/config`);
    expect(answer.status).toBe(200);
    await answer.text();
  });

  it("serves nothing on the runtime's host but the runtime", async () => {
    const paths = [
      "/",
      "/config",
      "/mcp",
      "/api/v1/files/current",
      "/auth/me",
      "/sandbox",
      "/docs",
    ];
    for (const path of paths) {
      const answer = await rig.api(local("rt.disco.localhost") + path);
      expect([path, answer.status]).toEqual([path, 404]);
      await answer.text();
    }
  });

  it("leads from every other name to the page's own origin", async () => {
    const answer = await rig.worker.fetch(`${local()}/sandbox`, { redirect: "manual" });
    expect(answer.status).toBe(302);
    expect(answer.headers.get("Location")).toBe(`${local("disco.localhost")}/sandbox`);
    await answer.text();
  });
});

describe("a deployment", () => {
  const at = (path: string, host = "disco.example") => `https://${host}${path}`;

  it("turns local mode off: loopback names and local tokens are foreign", async () => {
    const answer = await deployed.fetch("/config");
    expect(answer.status).toBe(403);
    await answer.text();
    const api = await deployed.fetch(at("/api/v1/files/current"), { headers: rig.auth });
    expect(api.status).toBe(401);
    await api.text();
  });

  it("fails closed while its store is down", async () => {
    const token = await accessTokenOf(deployment);
    const api = await deployed.fetch(at("/api/v1/files/current"), {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(api.status).toBe(503);
    expect(await api.json()).toMatchObject({ code: "store_unavailable", retryable: true });
    expect(Number(api.headers.get("Retry-After"))).toBeGreaterThan(0);
  });

  it("uses its own origins and HSTS", async () => {
    const answer = await deployed.fetch(at("/config"));
    expect(await answer.json()).toMatchObject({
      origin: "https://disco.example",
      runtime_origin: "https://runtime.disco.example",
      preview_origin: "https://runtime.disco.example",
      websocket_url: "wss://disco.example/relay/{container}",
      local: false,
    });
    expect(answer.headers.get("Strict-Transport-Security")).toContain("max-age=");
    const runtime = await deployed.fetch(at("/config", "runtime.disco.example"));
    expect(runtime.status).toBe(404);
    await runtime.text();
  });

  it("says in /health that the store is down, and no secret with it", async () => {
    const answer = await deployed.fetch(at("/health"));
    expect(answer.status).toBe(503);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      status: "unavailable",
      checks: { configuration: { ok: true }, store: { ok: false } },
    });
    expect(text).not.toContain(deployment.UPSTASH_REDIS_REST_TOKEN);
    expect(text).not.toContain(deployment.UPSTASH_REDIS_REST_URL);
  });
});

describe("a worker without its configuration", () => {
  it("serves neither face, and names what is missing", async () => {
    for (const path of ["/api/v1/files/current", "/sandbox", "/auth/me"]) {
      const headers = { Origin: unconfigured.url.origin };
      const answer = await unconfigured.fetch(path, { headers });
      expect(answer.status).toBe(503);
      const problem = (await answer.json()) as { code: string; detail: string };
      expect(problem.code).toBe("not_configured");
      expect(problem.detail).toContain("DISCO_SECRET");
      expect(problem.detail).not.toContain("DISCO_ORIGIN,");
    }
    const mcp = await unconfigured.fetch("/mcp", { method: "POST", body: "{}" });
    expect(mcp.status).toBe(503);
    expect(JSON.stringify(await mcp.json())).toContain("UPSTASH_REDIS_REST_URL");
  });

  it("says so on the landing page and in /health", async () => {
    const page = await unconfigured.fetch("/", { headers: { Accept: "text/html" } });
    expect(await page.text()).toContain("GITHUB_CLIENT_ID");
    const health = await unconfigured.fetch("/health");
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ mode: "unconfigured" });
  });
});

function frameAncestors(answer: { headers: { get(name: string): string | null } }): string {
  const policy = answer.headers.get("Content-Security-Policy") ?? "";
  return policy.split("; ").find((one) => one.startsWith("frame-ancestors")) ?? "";
}
