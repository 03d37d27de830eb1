import type { Context } from "hono";
import type { Config } from "../config.ts";
import type { ContainerDirectory } from "../operations/context.ts";
import type { Origins } from "./origins.ts";

/** What the middleware knows about a request once it reaches a route. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    config: Config;
    origins: Origins;
    containers: ContainerDirectory;
    /** Facts for the request's log line; never secrets, never arguments. */
    logFields: Record<string, string | number>;
  };
}

export type AppContext = Context<AppEnv>;
