/** Hosts that are remembered as asked for; past it the one that was asked for the longest ago goes. */
export const WISHES_MAX = 32;

/** Hosts whose use is counted; past it the one that was quiet the longest is forgotten. */
export const USES_MAX = 256;

/** Characters of a program's command line that are told with its wish. */
export const PROGRAM_MAX_CHARS = 200;

/** Milliseconds between two reports to the page; programs may ask thousands of times a second. */
export const REPORT_MS = 200;

/** Milliseconds that a program waits for the page to say what is allowed, right after the start. */
export const RULES_WAIT_MS = 5_000;

/** Milliseconds that a request waits for the page to bring a token. */
export const TOKEN_WAIT_MS = 15_000;

/** A token is used up to so many milliseconds before its end: it has to arrive in time. */
export const TOKEN_MARGIN_MS = 20_000;

/**
 * Requests under way at once. Without HTTP/2, which only https has, a browser opens six connections
 * to a host, and the runtime needs two of them for its own files and for packages.
 */
export const PARALLEL_MAX = { http: 4, https: 64 } as const;
