import type { NodeContext } from "../../context.ts";
import { callableClass } from "../callable-class.ts";
import { missingFeature } from "../errors/node-error.ts";
import type { Agent as HttpAgent, AgentClass } from "./agent.ts";
import { createClientRequestClass } from "./client-request.ts";
import type { IncomingMessageClass } from "./incoming-message.ts";

const INSTEAD = "There is no TLS inside it: serve plain http on a port of localhost.";

/** What `https` takes from `http`, each a class that can be called without `new`. */
interface HttpModule {
  readonly Agent: AgentClass;
  readonly IncomingMessage: IncomingMessageClass;
}

/**
 * `node:https`: requests to other hosts, as the person allows them. TLS begins where the worker sends
 * them, so that options about certificates have no effect here.
 */
export function createHttps(node: NodeContext): unknown {
  const { Agent, IncomingMessage: Incoming } = node.builtin<HttpModule>("http");
  class HttpsAgent extends Agent {
    override readonly defaultPort = 443;
    override readonly protocol = "https:";
  }
  let globalAgent: HttpAgent = new HttpsAgent({ keepAlive: true, timeout: 5000 });
  const ClientRequest = createClientRequestClass({
    node,
    Incoming,
    Agent: HttpsAgent,
    globalAgent: () => globalAgent,
    protocol: "https:",
  });
  const refuse = (what: string) =>
    function unavailable(): never {
      throw missingFeature(`https.${what}`, INSTEAD);
    };
  const request = (...args: unknown[]) => new ClientRequest(...args);
  return {
    Agent: callableClass(HttpsAgent),
    get globalAgent() {
      return globalAgent;
    },
    set globalAgent(agent) {
      globalAgent = agent;
    },
    request,
    get: (...args: unknown[]) => request(...args).end(),
    createServer: refuse("createServer"),
    Server: refuse("Server"),
  };
}
