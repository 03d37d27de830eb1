import { describe, expect, it } from "vitest";
import type { Config } from "#worker/config.ts";
import {
  mayCallFaces,
  type Origins,
  pageUrl,
  resolveOrigins,
  websocketUrl,
} from "#worker/http/origins.ts";
import { runtimeHeaders, sandboxHeaders } from "#worker/http/security-headers.ts";

const local: Config = { mode: "local", secret: "s" };
const deployed: Config = {
  mode: "deployed",
  secret: "s",
  origin: "https://disco.example",
  runtimeOrigin: "https://rt.disco.example",
  github: { clientId: "", clientSecret: "" },
  redis: { url: "", token: "" },
};

function originsAt(config: Config, url: string): Origins {
  const origins = resolveOrigins(config, new URL(url));
  if (origins === null) throw new Error(`${url} is not served.`);
  return origins;
}

describe("local mode", () => {
  it.each(["localhost", "127.0.0.1", "[::1]", "disco.localhost"])(
    "serves the app on %s",
    (name) => {
      expect(originsAt(local, `http://${name}:8787/x`)).toEqual({
        role: "app",
        asked: `http://${name}:8787`,
        app: "http://localhost:8787",
        page: "http://disco.localhost:8787",
        runtime: "http://rt.disco.localhost:8787",
        previews: "http://*.rt.disco.localhost:8787",
        own: ["localhost", "127.0.0.1", "[::1]", "disco.localhost"].map(
          (own) => `http://${own}:8787`,
        ),
      });
    },
  );

  it("serves its own port and no other, where it is told", () => {
    const told: Config = { ...local, port: 8787 };
    expect(originsAt(told, "http://localhost:8787/").app).toBe("http://localhost:8787");
    expect(resolveOrigins(told, new URL("http://localhost:9999/"))).toBeNull();
    expect(resolveOrigins(told, new URL("http://rt.disco.localhost/"))).toBeNull();
    expect(originsAt({ ...local, port: 80 }, "http://localhost/").page).toBe(
      "http://disco.localhost",
    );
  });

  it("serves the runtime on its own name", () => {
    expect(originsAt(local, "http://rt.disco.localhost:8787/").role).toBe("runtime");
  });

  it.each([
    "evil.example",
    "localhost.evil.example",
    "x.disco.localhost",
    "192.168.0.1",
    "0.0.0.0",
  ])("does not serve %s", (name) => {
    expect(resolveOrigins(local, new URL(`http://${name}:8787/`))).toBeNull();
  });
});

describe("a deployment", () => {
  it("serves its two hosts, also behind a proxy that ends TLS", () => {
    expect(originsAt(deployed, "https://disco.example/").role).toBe("app");
    expect(originsAt(deployed, "http://rt.disco.example/").role).toBe("runtime");
    expect(pageUrl(originsAt(deployed, "http://disco.example/"))).toBe(
      "https://disco.example/sandbox",
    );
    expect(websocketUrl(originsAt(deployed, "http://disco.example/"))).toBe(
      "wss://disco.example/relay/{container}",
    );
  });

  it.each(["localhost", "disco.example:8443", "x.disco.example"])("does not serve %s", (host) => {
    expect(resolveOrigins(deployed, new URL(`https://${host}/`))).toBeNull();
  });
});

describe("mayCallFaces", () => {
  const origins = originsAt(deployed, "https://disco.example/");

  it.each(["https://chatgpt.com", "https://chat.openai.com", "https://claude.ai", origins.app])(
    "allows %s",
    (origin) => expect(mayCallFaces(origins, origin)).toBe(true),
  );

  it.each([
    "null",
    "",
    "https://rt.disco.example",
    "http://disco.example",
    "https://claude.ai:443",
    "https://claude.ai.evil.example",
    "https://sub.chatgpt.com",
  ])("refuses %s", (origin) => expect(mayCallFaces(origins, origin)).toBe(false));
});

describe("the two policies", () => {
  const origins = originsAt(local, "http://disco.localhost:8787/");

  it("isolates the page and frames nothing but the runtime and its previews", () => {
    const headers = sandboxHeaders(origins);
    expect(headers["Cross-Origin-Opener-Policy"]).toBe("same-origin");
    expect(headers["Cross-Origin-Embedder-Policy"]).toBe("require-corp");
    const policy = headers["Content-Security-Policy"];
    expect(policy).toContain(
      "frame-src http://rt.disco.localhost:8787 http://*.rt.disco.localhost:8787;",
    );
    expect(policy).toContain("connect-src 'self' ws://disco.localhost:8787;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("script-src 'self';");
  });

  it("lets the runtime be framed by the page only, and reach its own origin only", () => {
    const headers = runtimeHeaders(origins);
    expect(headers["Cross-Origin-Resource-Policy"]).toBe("cross-origin");
    expect(headers["Origin-Agent-Cluster"]).toBe("?1");
    const policy = headers["Content-Security-Policy"];
    expect(policy).toContain("frame-ancestors http://disco.localhost:8787");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).toContain("script-src 'self' blob: 'unsafe-eval' 'wasm-unsafe-eval';");
  });
});
