import * as z from "zod";

/** What kind of client a session belongs to; it says so itself, or the way it came in does. */
export const InstanceType = z.enum(["web", "desktop", "cli", "chat", "api"]);
export type InstanceType = z.infer<typeof InstanceType>;
