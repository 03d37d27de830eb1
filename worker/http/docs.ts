import type { Hono } from "hono";
import type { AppContext, AppEnv } from "./app-env.ts";
import { revalidated, serveAsset } from "./assets.ts";
import { consentCss, consentScript } from "./pages/consent-page.ts";
import { errorsPage, legalPage, swaggerPage } from "./pages/docs-pages.ts";
import { copyScript, swaggerScript } from "./pages/scripts.ts";
import { pagesCss, swaggerCss } from "./pages/style.ts";
import { addRoute } from "./routes.ts";
import { publicPageHeaders } from "./security-headers.ts";

/** What the build puts beside the sandbox page, for the public pages too. */
const BUILT_FILES = ["/favicon.svg", "/swagger/swagger-ui.css", "/swagger/swagger-ui-bundle.js"];

/** Pages about the API, and the few files that the public pages load. */
export function addDocsRoutes(app: Hono<AppEnv>): void {
  addPage(app, "/docs", swaggerPage);
  addPage(app, "/docs/errors", errorsPage);
  addPage(app, "/docs/legal", legalPage);
  addFile(app, "/static/pages.css", "text/css", pagesCss);
  addFile(app, "/static/swagger.css", "text/css", swaggerCss);
  addFile(app, "/static/copy.js", "text/javascript", copyScript);
  addFile(app, "/static/swagger.js", "text/javascript", swaggerScript);
  addFile(app, "/static/consent.css", "text/css", consentCss);
  addFile(app, "/static/consent.js", "text/javascript", consentScript);
  for (const path of BUILT_FILES) {
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
