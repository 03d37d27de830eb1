import { vi } from "vitest";

/** The browser's part in a test of the page's code in Node: origin, cookie jar, open sockets. */
export interface PageGlobals {
  /** Every WebSocket that was opened, oldest first. */
  readonly sockets: WebSocket[];
  /** As clearing the browser's data does it. */
  forgetCookies(): void;
  /** Gives Node its own globals back. */
  restore(): void;
}

/**
 * Lets `fetch` and `WebSocket` behave as in a page of this origin: relative URLs, the `Origin` and
 * `Cookie` headers. Everything goes over the real network to the server.
 *
 * @param page origin of the page, which the server need not be reached under
 * @param server where the requests go to
 */
export function actAsPage(page: string, server: URL): PageGlobals {
  const sockets: WebSocket[] = [];
  const realFetch = globalThis.fetch;
  const RealWebSocket = globalThis.WebSocket;
  let cookie = "";

  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set("Origin", page);
    if (cookie !== "") headers.set("Cookie", cookie);
    const response = await realFetch(new URL(path, server), { ...init, headers });
    cookie = response.headers.get("Set-Cookie")?.split(";")[0] ?? cookie;
    return response;
  });
  vi.stubGlobal(
    "WebSocket",
    class extends RealWebSocket {
      constructor(url: string, protocols: string[]) {
        const target = new URL(url);
        target.host = server.host;
        // Node's WebSocket takes headers, which the DOM's type does not know.
        const options: unknown = { protocols, headers: { Origin: page } };
        super(target, options as string[]);
        sockets.push(this);
      }
    },
  );
  return {
    sockets,
    forgetCookies() {
      cookie = "";
    },
    restore() {
      vi.unstubAllGlobals();
    },
  };
}
