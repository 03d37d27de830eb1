import type { NodeContext } from "../../context.ts";
import { callableClass } from "../callable-class.ts";
import { isIP, isIPv4, isIPv6 } from "./addresses.ts";
import { BlockList, SocketAddress } from "./block-list.ts";
import { createServerClass } from "./server.ts";
import { createSocketClass } from "./socket.ts";

/** `node:net`, on ports of this container. */
export function createNet(node: NodeContext): unknown {
  const Socket = createSocketClass(node);
  const Server = createServerClass(node);
  const connect = (...args: unknown[]) => {
    const options = typeof args[0] === "object" && args[0] !== null ? args[0] : {};
    return new Socket(options).connect(...args);
  };
  let autoSelect = true;
  return {
    Socket: callableClass(Socket),
    Stream: callableClass(Socket),
    Server: callableClass(Server),
    createServer: (options?: unknown, listener?: unknown) => new Server(options, listener),
    connect,
    createConnection: connect,
    isIP,
    isIPv4,
    isIPv6,
    BlockList,
    SocketAddress,
    getDefaultAutoSelectFamily: () => autoSelect,
    setDefaultAutoSelectFamily: (value: boolean) => (autoSelect = value),
    getDefaultAutoSelectFamilyAttemptTimeout: () => 250,
    setDefaultAutoSelectFamilyAttemptTimeout: (): undefined => undefined,
  };
}
