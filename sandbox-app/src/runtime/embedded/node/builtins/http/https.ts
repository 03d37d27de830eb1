import type { NodeContext } from "../../context.ts";
import { missingFeature } from "../errors/node-error.ts";
import type { AgentClass } from "./agent.ts";

const INSTEAD =
  "There is no TLS inside it and no network behind it: serve plain http on a port of localhost.";

/** `node:https`: can be imported; using it fails at once. */
export function createHttps(node: NodeContext): unknown {
  const { Agent } = node.builtin<{ Agent: AgentClass }>("http");
  class HttpsAgent extends Agent {
    override readonly defaultPort = 443;
    override readonly protocol = "https:";
  }
  const refuse = (what: string) => (): never => {
    throw missingFeature(`https.${what}`, INSTEAD);
  };
  return {
    Agent: HttpsAgent,
    globalAgent: new HttpsAgent({ keepAlive: true }),
    request: refuse("request"),
    get: refuse("get"),
    createServer: refuse("createServer"),
    Server: refuse("Server"),
  };
}
