import * as z from "zod";

/** Public values of the worker; what `GET /config` answers has these and more. */
export const AppConfig = z.object({
  version: z.string(),
  origin: z.string(),
  runtime_origin: z.string(),
  /** The rule for the origins of previews (previews.ts). */
  preview_origin: z.string(),
  mcp_url: z.string(),
  api_url: z.string(),
  docs_url: z.string(),
  websocket_url: z.string(),
  local: z.boolean(),
});
export type AppConfig = Readonly<z.infer<typeof AppConfig>>;

/** Who is signed in, and the container that the page runs. */
export const Identity = z.object({
  user: z.object({ id: z.string(), name: z.string() }).readonly(),
  container: z.object({ id: z.string(), name: z.string() }).readonly(),
});
export type Identity = Readonly<z.infer<typeof Identity>>;

/**
 * What the page would ask first of all. It stands in the page's document, which is made for each
 * request, so that the boot need not wait for two more answers.
 */
export const PageData = z.object({
  config: AppConfig,
  /** Null: nobody is signed in. Absent: that could not be found out now, and asking tells why. */
  identity: Identity.nullable().optional(),
});
export type PageData = z.infer<typeof PageData>;

/** Id of the element (a data block: HTML, section 4.12.1) that holds the `PageData` as JSON. */
export const PAGE_DATA_ID = "disco-page-data";
