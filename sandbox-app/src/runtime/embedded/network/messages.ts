import * as z from "zod";
import { gitAccesses } from "#protocol/git-grant.ts";

/*
 * What the page and the kernel say to each other of other hosts. The kernel refuses early and tells
 * why; what it is told decides nothing, because only the worker lets a request through.
 */

const Rule = z.object({ scheme: z.enum(["https", "http"]), host: z.string(), port: z.int() });

/** To the kernel. */
export const NetworkOrder = z.discriminatedUnion("type", [
  /** What is allowed now. Requests under way to what is allowed no longer end. */
  z.object({ type: z.literal("rules"), rules: z.array(Rule), local: z.boolean() }),
  /** For the worker, until `expiresAt` (milliseconds since the epoch). */
  z.object({ type: z.literal("token"), token: z.string(), expiresAt: z.number() }),
  /** The page could not get the token, or the rules. The message is for whoever reads the error. */
  z.object({ type: z.literal("failed"), message: z.string() }),
]);
export type NetworkOrder = Readonly<z.infer<typeof NetworkOrder>>;

/** A host that programs asked for and did not get. */
export const Wish = z.object({
  /** As `ruleText` writes it. */
  host: z.string(),
  /** Of the program that asked last. */
  pid: z.int(),
  /** Its command line, cut to a bound. Untrusted text. */
  program: z.string(),
  /** How often any program asked. */
  count: z.int(),
});
export type Wish = Readonly<z.infer<typeof Wish>>;

/** What git asked of a repository and did not get. */
export const GitWish = z.object({
  /** As `parseRepository` names it. */
  repository: z.string(),
  access: z.enum(gitAccesses),
  pid: z.int(),
  program: z.string(),
  count: z.int(),
});
export type GitWish = Readonly<z.infer<typeof GitWish>>;

/** What was asked of a host since the page was opened. */
export const HostUse = z.object({
  /** As `ruleText` writes it; without a star. */
  host: z.string(),
  requests: z.int(),
  bytesSent: z.number(),
  bytesReceived: z.number(),
  /** Milliseconds since the epoch. */
  lastAt: z.number(),
});
export type HostUse = Readonly<z.infer<typeof HostUse>>;

/** To the page. */
export const NetworkReport = z.discriminatedUnion("type", [
  /** The token is needed, or needed anew. */
  z.object({ type: z.literal("token_wanted") }),
  z.object({
    type: z.literal("state"),
    wishes: z.array(Wish),
    uses: z.array(HostUse),
    gitWishes: z.array(GitWish),
  }),
]);
export type NetworkReport = Readonly<z.infer<typeof NetworkReport>>;
