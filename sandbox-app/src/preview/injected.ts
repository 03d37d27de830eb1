import { openConnection } from "./connect.ts";
import { CONNECT } from "./messages.ts";
import { installWebSocket } from "./websocket/install.ts";

// Scripts of the page find the document as its author wrote it.
document.currentScript?.remove();

if ("serviceWorker" in navigator) {
  installWebSocket(window, async () => {
    const { port1, port2 } = new MessageChannel();
    const worker =
      navigator.serviceWorker.controller ?? (await navigator.serviceWorker.ready).active;
    worker?.postMessage({ type: CONNECT }, [port2]);
    return await openConnection(port1);
  });
}
