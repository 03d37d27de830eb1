import openapi from "#openapi/openapi.json" with { type: "json" };

/** Version of the product, as its contract tells it. */
export const VERSION = openapi.info.version;
