import { PORT_PLACEHOLDER, previewPort } from "#protocol/previews.ts";
import type { Config, DeployedConfig, LocalConfig } from "../config.ts";

/** Chat products whose web pages may call the faces and embed the public pages. */
export const CHAT_ORIGINS = [
  "https://chatgpt.com",
  "https://chat.openai.com",
  "https://claude.ai",
] as const;

/**
 * The origins of this deployment, as one request sees them. Three roles: `app` serves page, API, MCP
 * and docs; `runtime` runs the users' programs and serves nothing but them; `preview` shows what
 * those programs serve. Where previews have no origins of their own, they are seen on the runtime's.
 */
export interface Origins {
  /** Role of the host that was asked. */
  readonly role: "app" | "runtime" | "preview";
  /** Origin that was asked. */
  readonly asked: string;
  /** Canonical origin for MCP, API and docs. */
  readonly app: string;
  /** The one origin of the sandbox page, and of every request that carries its cookie. */
  readonly page: string;
  readonly runtime: string;
  /** The rule for the origins of previews; see protocol/previews.ts. */
  readonly previews: string;
  /** Every origin with the role `app`. */
  readonly own: readonly string[];
}

const LOCAL_APP_NAMES = ["localhost", "127.0.0.1", "[::1]", "disco.localhost"];
const LOCAL_RUNTIME_NAME = "rt.disco.localhost";
const LOCAL_PREVIEW_NAME = `p${PORT_PLACEHOLDER}.disco.localhost`;

/** @returns null when the host is not served here: another name is DNS rebinding, or a mistake */
export function resolveOrigins(config: Config, url: URL): Origins | null {
  switch (config.mode) {
    case "local":
      return twoPorts(config, url) ?? loopbackNames(config, url);
    case "deployed":
      return deployedOrigins(config, url);
    case "unconfigured": {
      const asked = url.origin;
      const own = [asked];
      return { role: "app", asked, app: asked, page: asked, runtime: asked, previews: asked, own };
    }
  }
}

const HTTP_PORT = 80;

/** This machine by the names that browsers resolve to loopback themselves (RFC 6761, section 6.3). */
function loopbackNames({ port: served }: LocalConfig, url: URL): Origins | null {
  const asked = url.port === "" ? HTTP_PORT : Number(url.port);
  // Where the port is known, no request can name another one.
  if (served !== undefined && asked !== served) return null;
  const port = asked === HTTP_PORT ? "" : `:${asked}`;
  const origin = (name: string): string => `http://${name}${port}`;
  const previews = origin(LOCAL_PREVIEW_NAME);
  const role = roleOf(url.host, {
    app: LOCAL_APP_NAMES.map((name) => name + port),
    runtime: LOCAL_RUNTIME_NAME + port,
    previews,
  });
  if (role === null) return null;
  return {
    role,
    asked: origin(url.hostname),
    app: origin("localhost"),
    page: origin("disco.localhost"),
    runtime: origin(LOCAL_RUNTIME_NAME),
    previews,
    own: LOCAL_APP_NAMES.map(origin),
  };
}

/**
 * This machine by ports, for a browser that resolves no name but `localhost`: page and everything
 * else on the first, runtime and one preview on the second.
 */
function twoPorts({ ports }: LocalConfig, url: URL): Origins | null {
  if (ports === null || url.hostname !== "localhost") return null;
  const app = `http://localhost:${ports.app}`;
  const runtime = `http://localhost:${ports.runtime}`;
  const hosts = { app: [new URL(app).host], runtime: new URL(runtime).host, previews: runtime };
  const role = roleOf(url.host, hosts);
  if (role === null) return null;
  return { role, asked: url.origin, app, page: app, runtime, previews: runtime, own: [app] };
}

/** Hosts are compared without their scheme, because a proxy may end TLS in front of the worker. */
function deployedOrigins(config: DeployedConfig, url: URL): Origins | null {
  const { origin: app, runtimeOrigin: runtime, previewOrigin: previews } = config;
  const hosts = { app: [new URL(app).host], runtime: new URL(runtime).host, previews };
  const role = roleOf(url.host, hosts);
  if (role === null) return null;
  const asked = { app, runtime, preview: `https://${url.host}` }[role];
  return { role, asked, app, page: app, runtime, previews, own: [app] };
}

interface Hosts {
  readonly app: readonly string[];
  readonly runtime: string;
  readonly previews: string;
}

/** The one place that says what a host is for; null when it is none of ours. */
function roleOf(host: string, { app, runtime, previews }: Hosts): Origins["role"] | null {
  if (app.includes(host)) return "app";
  if (host === runtime) return "runtime";
  return previewPort(previews, host) === null ? null : "preview";
}

/** Whether a page of this origin may call the faces; runtime, previews and `null` never may. */
export function mayCallFaces(origins: Origins, origin: string): boolean {
  return origins.own.includes(origin) || (CHAT_ORIGINS as readonly string[]).includes(origin);
}

/** The page that a person opens to run the container. */
export function pageUrl(origins: Origins): string {
  return `${origins.page}/sandbox`;
}

/** Where tabs connect; `{container}` stands for the container's id. */
export function websocketUrl(origins: Origins): string {
  return `${origins.page.replace(/^http/, "ws")}/relay/{container}`;
}
