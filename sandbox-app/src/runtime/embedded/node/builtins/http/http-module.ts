import { HTTPParser } from "http-parser-js";
import type { NodeContext } from "../../context.ts";
import { callableClass } from "../callable-class.ts";
import { createAgentClass } from "./agent.ts";
import { createClientRequestClass } from "./client-request.ts";
import { checkName, checkValue } from "./header-names.ts";
import { createIncomingMessageClass } from "./incoming-message.ts";
import { createOutgoingMessageClass } from "./outgoing-message.ts";
import { createServerResponseClass } from "./server-response.ts";
import { createHttpServerClass } from "./server.ts";
import { STATUS_CODES } from "./status-codes.ts";

const MAX_HEADER_BYTES = 16 * 1024;

/** `node:http`: HTTP/1.1 over the container's own sockets. */
export function createHttp(node: NodeContext): unknown {
  const Incoming = createIncomingMessageClass(node);
  const Outgoing = createOutgoingMessageClass(node);
  const Response = createServerResponseClass(node);
  const Server = createHttpServerClass(node, { Incoming, Response });
  const Agent = createAgentClass(node);
  let globalAgent = new Agent({ keepAlive: true, timeout: 5000 });
  const ClientRequest = createClientRequestClass({
    node,
    Incoming,
    Agent,
    globalAgent: () => globalAgent,
    protocol: "http:",
  });
  const request = (...args: unknown[]) => new ClientRequest(...args);
  return {
    METHODS: [...HTTPParser.methods].toSorted(),
    STATUS_CODES,
    maxHeaderSize: MAX_HEADER_BYTES,
    Agent: callableClass(Agent),
    ClientRequest: callableClass(ClientRequest),
    IncomingMessage: callableClass(Incoming),
    OutgoingMessage: callableClass(Outgoing),
    Server: callableClass(Server),
    ServerResponse: callableClass(Response),
    createServer: (options?: never, listener?: never) => new Server(options, listener),
    request,
    get: (...args: unknown[]) => request(...args).end(),
    validateHeaderName: (name: string, label?: string) => checkName(name, label),
    validateHeaderValue: checkValue,
    setMaxIdleHTTPParsers: (): undefined => undefined,
    get globalAgent() {
      return globalAgent;
    },
    set globalAgent(agent) {
      globalAgent = agent;
    },
    // The guest's, not the browser's, which would reach other hosts.
    get WebSocket() {
      return node.global.WebSocket;
    },
    CloseEvent: globalThis.CloseEvent,
    MessageEvent: globalThis.MessageEvent,
  };
}
