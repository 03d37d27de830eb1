import { toolOperations } from "#protocol/registry.ts";
import type { ClientKind } from "./any-client.ts";

/** REST as any program without an SDK speaks it. */
export const restClient: ClientKind = {
  name: "plain fetch",
  async connect({ origin }, signIn) {
    const { authorization } = await signIn("plain fetch");
    const headers = { Authorization: authorization, "Content-Type": "application/json" };
    const routes = await routesOf(origin);
    const tools = new Set<string>(toolOperations.map(({ name }) => name));
    return {
      // REST has more routes than there are tools.
      listTools: () => Promise.resolve(Object.keys(routes).filter((name) => tools.has(name))),
      async call(name, args) {
        const { method, path } = routes[name] ?? { method: "GET", path: "/unknown" };
        const url = new URL(path.replace("{container}", "current"), origin);
        if (method === "GET") {
          for (const [key, value] of Object.entries(args)) url.searchParams.set(key, String(value));
        }
        const body = method === "GET" ? {} : { body: JSON.stringify(args) };
        const response = await fetch(url, { method, headers, ...body });
        return { isError: !response.ok, structuredContent: await response.json() };
      },
      close: async () => {},
    };
  },
};

async function routesOf(origin: string): Promise<Record<string, { method: string; path: string }>> {
  const routes: Record<string, { method: string; path: string }> = {};
  const document = (await (await fetch(`${origin}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { operationId }] of Object.entries(methods)) {
      routes[operationId] = { method: method.toUpperCase(), path };
    }
  }
  return routes;
}
