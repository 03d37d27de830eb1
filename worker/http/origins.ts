import type { Config } from "../config.ts";

/** Chat products whose web pages may call the faces and embed the public pages. */
export const CHAT_ORIGINS = [
  "https://chatgpt.com",
  "https://chat.openai.com",
  "https://claude.ai",
] as const;

/**
 * The origins of this deployment, as one request sees them. Two roles: `app` serves page, API, MCP
 * and docs; `runtime` runs the users' programs and serves nothing but them.
 */
export interface Origins {
  /** Role of the host that was asked. */
  readonly role: "app" | "runtime";
  /** Origin that was asked. */
  readonly asked: string;
  /** Canonical origin for MCP, API and docs. */
  readonly app: string;
  /** The one origin of the sandbox page, and of every request that carries its cookie. */
  readonly page: string;
  readonly runtime: string;
  /** Source expression of the CSP for the hosts below the runtime's (CSP3, section 2.3.1). */
  readonly previews: string;
  /** Every origin with the role `app`. */
  readonly own: readonly string[];
}

const LOCAL_APP_NAMES = ["localhost", "127.0.0.1", "[::1]", "disco.localhost"];
const LOCAL_RUNTIME_NAME = "rt.disco.localhost";

/** @returns null when the host is not served here: another name is DNS rebinding, or a mistake */
export function resolveOrigins(config: Config, url: URL): Origins | null {
  switch (config.mode) {
    case "local":
      return localOrigins(url, config.port);
    case "deployed":
      return deployedOrigins(config.origin, config.runtimeOrigin, url);
    case "unconfigured":
      return originsOf("app", url.origin, url.origin, url.origin, url.origin, [url.origin]);
  }
}

const HTTP_PORT = 80;

/** @param served the port that is served, when it is known: then no request can name another one */
function localOrigins(url: URL, served: number | undefined): Origins | null {
  const asked = url.port === "" ? HTTP_PORT : Number(url.port);
  if (served !== undefined && asked !== served) return null;
  const port = asked === HTTP_PORT ? "" : `:${asked}`;
  const origin = (name: string): string => `http://${name}${port}`;
  const isRuntime = url.hostname === LOCAL_RUNTIME_NAME;
  if (!isRuntime && !LOCAL_APP_NAMES.includes(url.hostname)) return null;
  return originsOf(
    isRuntime ? "runtime" : "app",
    origin(url.hostname),
    origin("localhost"),
    origin("disco.localhost"),
    origin(LOCAL_RUNTIME_NAME),
    LOCAL_APP_NAMES.map(origin),
  );
}

/** Hosts are compared without their scheme, because a proxy may end TLS in front of the worker. */
function deployedOrigins(app: string, runtime: string, url: URL): Origins | null {
  if (url.host === new URL(app).host) return originsOf("app", app, app, app, runtime, [app]);
  if (url.host === new URL(runtime).host) {
    return originsOf("runtime", runtime, app, app, runtime, [app]);
  }
  return null;
}

function originsOf(
  role: Origins["role"],
  asked: string,
  app: string,
  page: string,
  runtime: string,
  own: readonly string[],
): Origins {
  return { role, asked, app, page, runtime, previews: runtime.replace("://", "://*."), own };
}

/** Whether a page of this origin may call the faces; the runtime's origin and `null` never may. */
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
