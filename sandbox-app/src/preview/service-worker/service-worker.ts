import { RESERVED_PATH } from "#protocol/previews.ts";
import { CONNECT, INJECTED_FILE, isMessage } from "../messages.ts";
import { answer, type Browser } from "./answer.ts";
import { type Bridge, findBridge } from "./bridges.ts";
import type { CookieStore } from "./cookies.ts";
import { previewHeaders } from "./response-headers.ts";
import type { ServiceWorkerScope } from "./scope.ts";
import { troublePage } from "./trouble-page.ts";

/** The injected script's text; the build puts it here. */
declare const DISCO_INJECTED_SCRIPT: string;

/**
 * Answers for the whole origin of a preview, with what the container's program says. It keeps nothing:
 * the browser may stop it after any answer.
 */
const scope = globalThis as unknown as ServiceWorkerScope;

scope.addEventListener("install", (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));

scope.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== scope.location.origin) return;
  if (url.pathname === RESERVED_PATH + INJECTED_FILE) {
    event.respondWith(Promise.resolve(injectedScript()));
  } else if (!url.pathname.startsWith(RESERVED_PATH)) {
    event.respondWith(respond(event.request));
  }
});

scope.addEventListener("message", (event) => {
  const [port] = event.ports;
  if (port === undefined || !isMessage(event.data, CONNECT)) return;
  const passed = findBridge(scope).then(
    (bridge) => bridge.pass(port),
    (error: Error) => port.postMessage({ type: "refused", message: error.message }, []),
  );
  event.waitUntil(passed);
});

async function respond(request: Request): Promise<Response> {
  let bridge: Bridge | undefined;
  try {
    bridge = await findBridge(scope);
    return await answer(request, bridge, browser());
  } catch (error) {
    if (request.signal.aborted) return Response.error();
    return troublePage(error, bridge?.embedder ?? "");
  }
}

function browser(): Browser {
  const { userAgent, languages } = navigator;
  const { cookieStore } = globalThis as { cookieStore?: CookieStore };
  return { origin: scope.location.origin, userAgent, languages, cookies: cookieStore };
}

function injectedScript(): Response {
  const headers = {
    ...previewHeaders({ embedder: "" }),
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "no-cache",
  };
  return new Response(DISCO_INJECTED_SCRIPT, { headers });
}
