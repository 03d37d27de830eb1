/** Name of the query parameter that holds the origin of the embedding page. */
export const EMBEDDER_PARAMETER = "embedder";
