import type { Hono } from "hono";
import type { AppContext, AppEnv } from "./app-env.ts";
import { revalidated, serveAsset } from "./assets.ts";
import { errorsPage, legalPage, swaggerPage } from "./pages/docs-pages.ts";
import { copyScript, swaggerScript } from "./pages/scripts.ts";
import { logoSvg, pagesCss } from "./pages/style.ts";
import { addRoute } from "./routes.ts";
import { publicPageHeaders } from "./security-headers.ts";

/** Pages about the API, and the few files that the public pages load. */
export function addDocsRoutes(app: Hono<AppEnv>): void {
  addPage(app, "/docs", swaggerPage);
  addPage(app, "/docs/errors", errorsPage);
  addPage(app, "/docs/legal", legalPage);
  addFile(app, "/static/pages.css", "text/css", pagesCss);
  addFile(app, "/static/copy.js", "text/javascript", copyScript);
  addFile(app, "/static/swagger.js", "text/javascript", swaggerScript);
  addFile(app, "/logo.svg", "image/svg+xml", logoSvg);
  addFile(app, "/favicon.ico", "image/svg+xml", logoSvg);
  for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
    const path = `/swagger/${name}`;
    addRoute(app, path, { GET: (context) => serveAsset(context, path, revalidated({})) });
  }
}

function addPage(app: Hono<AppEnv>, path: string, render: () => string): void {
  addRoute(app, path, {
    GET: (context) => context.html(render(), 200, cached(publicPageHeaders())),
  });
}

function addFile(app: Hono<AppEnv>, path: string, type: string, text: string): void {
  const headers = cached({ "Content-Type": `${type}; charset=utf-8` });
  addRoute(app, path, { GET: (context: AppContext) => context.body(text, 200, headers) });
}

/** These change only with a deploy; five minutes later everybody has the new ones. */
function cached(headers: Record<string, string>): Record<string, string> {
  return { ...headers, "Cache-Control": "public, max-age=300" };
}
