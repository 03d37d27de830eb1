import * as z from "zod";

// The page's Content-Security-Policy forbids compiled parsers. To be imported before any schema: each
// would try to compile one, and the error that it gets for that costs milliseconds.
z.config({ jitless: true });
