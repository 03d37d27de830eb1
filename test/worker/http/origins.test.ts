import { describe, expect, it } from "vitest";
import type { Config } from "#worker/config.ts";
import {
  mayCallFaces,
  type Origins,
  pageUrl,
  resolveOrigins,
  websocketUrl,
} from "#worker/http/origins.ts";
import {
  bootstrapHeaders,
  bridgeHeaders,
  runtimeHeaders,
  sandboxHeaders,
} from "#worker/http/security-headers.ts";

const local: Config = {
  mode: "local",
  secret: "s",
  ports: null,
  registry: null,
  oauthClients: [],
  gitHosts: [],
};
const deployed: Config = {
  mode: "deployed",
  secret: "s",
  previousSecret: null,
  origin: "https://disco.example",
  runtimeOrigin: "https://rt.disco.example",
  previewOrigin: "https://p{port}.disco.example",
  github: { clientId: "", clientSecret: "", origin: "", api: "" },
  redis: { url: "", token: "" },
  registry: null,
  oauthClients: [],
  gitHosts: [],
};
const twoHosts: Config = { ...deployed, previewOrigin: deployed.runtimeOrigin };
const twoPorts: Config = { ...local, ports: { app: 8787, runtime: 8788 } };

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
        previews: "http://p{port}.disco.localhost:8787",
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

  it("serves the runtime on its own name, and each port on one", () => {
    expect(originsAt(local, "http://rt.disco.localhost:8787/").role).toBe("runtime");
    expect(originsAt(local, "http://p5173.disco.localhost:8787/")).toMatchObject({
      role: "preview",
      asked: "http://p5173.disco.localhost:8787",
      page: "http://disco.localhost:8787",
    });
  });

  it.each([
    "evil.example",
    "localhost.evil.example",
    "x.disco.localhost",
    "p0.disco.localhost",
    "p65536.disco.localhost",
    "p05173.disco.localhost",
    "px.disco.localhost",
    "p5173.rt.disco.localhost",
    "192.168.0.1",
    "0.0.0.0",
  ])("does not serve %s", (name) => {
    expect(resolveOrigins(local, new URL(`http://${name}:8787/`))).toBeNull();
  });
});

describe("local mode on two ports", () => {
  it("serves the app on the first, and runtime and one preview on the second", () => {
    expect(originsAt(twoPorts, "http://localhost:8787/sandbox")).toEqual({
      role: "app",
      asked: "http://localhost:8787",
      app: "http://localhost:8787",
      page: "http://localhost:8787",
      runtime: "http://localhost:8788",
      previews: "http://localhost:8788",
      own: ["http://localhost:8787"],
    });
    expect(originsAt(twoPorts, "http://localhost:8788/").role).toBe("runtime");
    expect(resolveOrigins(twoPorts, new URL("http://localhost:8789/"))).not.toMatchObject({
      role: "runtime",
    });
  });

  it("still serves the names", () => {
    expect(originsAt(twoPorts, "http://disco.localhost:8787/")).toEqual(
      originsAt(local, "http://disco.localhost:8787/"),
    );
  });
});

describe("a deployment", () => {
  it("serves each port on a name of its own", () => {
    expect(originsAt(deployed, "http://p3000.disco.example/")).toMatchObject({
      role: "preview",
      asked: "https://p3000.disco.example",
      previews: "https://p{port}.disco.example",
    });
    expect(resolveOrigins(deployed, new URL("https://p3000.disco.example:8443/"))).toBeNull();
  });

  it("shows previews on the runtime's host where there is no wildcard", () => {
    expect(originsAt(twoHosts, "https://rt.disco.example/")).toMatchObject({
      role: "runtime",
      previews: "https://rt.disco.example",
    });
    expect(resolveOrigins(twoHosts, new URL("https://p3000.disco.example/"))).toBeNull();
  });

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
    "https://p3000.disco.example",
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
      "frame-src http://rt.disco.localhost:8787 http://*.disco.localhost:8787;",
    );
    expect(policy).toContain("connect-src 'self' ws://disco.localhost:8787;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("script-src 'self';");
  });

  it("frames one origin where runtime and previews share it", () => {
    const headers = sandboxHeaders(originsAt(twoHosts, "https://disco.example/"));
    expect(headers["Content-Security-Policy"]).toContain("frame-src https://rt.disco.example;");
  });

  it("lets the bridge be framed by the page only, and a preview's start by its own origin too", () => {
    const at = originsAt(local, "http://p5173.disco.localhost:8787/");
    const bridge = bridgeHeaders(at);
    expect(bridge["Content-Security-Policy"]).toMatch(
      /frame-ancestors http:\/\/disco\.localhost:8787$/,
    );
    const bootstrap = bootstrapHeaders(at);
    expect(bootstrap["Content-Security-Policy"]).toMatch(
      /frame-ancestors 'self' http:\/\/disco\.localhost:8787$/,
    );
    for (const headers of [bridge, bootstrap]) {
      expect(headers).toMatchObject({
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Origin-Agent-Cluster": "?1",
      });
    }
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
