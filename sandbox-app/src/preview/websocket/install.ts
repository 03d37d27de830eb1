import type { PreviewConnection } from "../connect.ts";
import { PreviewWebSocket } from "./preview-web-socket.ts";

/**
 * Replaces `WebSocket` for URLs of the preview's own host: a service worker cannot answer them. The
 * browser's own serves all others, as far as the preview's policy lets it.
 */
export function installWebSocket(
  scope: typeof globalThis & { location: Location },
  connect: () => Promise<PreviewConnection>,
): void {
  const Native = scope.WebSocket;
  const Replacement = class extends PreviewWebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      const url = socketUrl(String(address), scope.location);
      if (url?.host !== scope.location.host) {
        // What a constructor returns is what `new` gives.
        return new Native(address, protocols) as never;
      }
      super(url, protocols, connect);
    }
  };
  Object.defineProperty(Replacement, "name", { value: "WebSocket" });
  scope.WebSocket = Replacement as unknown as typeof WebSocket;
}

/** WebSockets standard, section 3.1; null: the browser says what is wrong with it. */
function socketUrl(address: string, location: Location): URL | null {
  if (!URL.canParse(address, location.href) || address.includes("#")) return null;
  const url = new URL(address, location.href);
  url.protocol = url.protocol.replace(/^http/, "ws");
  return /^wss?:$/.test(url.protocol) ? url : null;
}
