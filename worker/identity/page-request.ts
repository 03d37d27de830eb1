import type * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext } from "../http/app-env.ts";
import { readJson } from "../http/body.ts";
import type { RouteHandler } from "../http/routes.ts";
import { requirePageOrigin } from "./page-origin.ts";

/** A route of the sandbox page's own: exact origin, never for clients, never kept. */
export function fromPage(handler: RouteHandler): RouteHandler {
  return async (context) => {
    requirePageOrigin(context);
    const response = await handler(context);
    response.headers.set("Cache-Control", "no-store");
    return response;
  };
}

/** @throws DiscoError `invalid_input`, and what `readJson` throws */
export async function readBody<Body>(context: AppContext, schema: z.ZodType<Body>): Promise<Body> {
  const parsed = schema.safeParse(await readJson(context.req.raw));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new DiscoError("invalid_input", issues.join("; ").slice(0, 1_000));
}
