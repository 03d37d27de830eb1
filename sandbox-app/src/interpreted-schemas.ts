import * as z from "zod";

// zod compiles a parser for each object. The page's Content-Security-Policy forbids that, and where it
// may be done it takes most of the time that a boot spends with messages. To be imported before any
// schema: each finds out for itself whether it may be compiled, which costs an error and milliseconds.
z.config({ jitless: true });
