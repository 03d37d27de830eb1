import { restRoutes } from "#protocol/routes.ts";
import type { EdgeRig } from "./edge-rig.ts";

export interface RestAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface RestOptions {
  /** Default: `current`. */
  readonly container?: string;
  readonly headers?: Record<string, string>;
  /** Instead of `/api/v1`. */
  readonly base?: string;
}

/** Calls a route of the REST face by its operationId, as a program does that read /openapi.json. */
export function restCaller(rig: EdgeRig) {
  return async (
    id: string,
    input: Record<string, unknown> = {},
    { container = "current", headers = {}, base = "/api/v1" }: RestOptions = {},
  ): Promise<RestAnswer> => {
    const route = restRoutes.find((one) => one.id === id);
    if (route === undefined) throw new Error(`There is no route ${id}.`);
    const path = base + route.path.replace("{container}", container);
    const init = { method: route.method, headers };
    const query = new URLSearchParams(input as Record<string, string>);
    const answer = await (route.argumentsIn === "query"
      ? rig.api(query.size > 0 ? `${path}?${query}` : path, init)
      : rig.api(path, {
          ...init,
          headers: { "Content-Type": "application/json", ...headers },
          body: JSON.stringify(input),
        }));
    return { status: answer.status, body: (await answer.json()) as RestAnswer["body"] };
  };
}
