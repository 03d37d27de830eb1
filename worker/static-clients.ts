import * as z from "zod";

/** Shorter secrets can be guessed. */
const SECRET_MIN_CHARS = 32;

const StaticClient = z.strictObject({
  /** Nothing that could be a document's address. */
  client_id: z.string().regex(/^[\w.-]{1,100}$/, { error: "must be letters, digits, - _ ." }),
  client_name: z.string().trim().min(1).max(200),
  redirect_uris: z.array(z.url({ protocol: /^https?$/ })).min(1),
  /** Left out for a client that can keep none; PKCE protects both kinds. */
  client_secret: z
    .string()
    .min(SECRET_MIN_CHARS, { error: `must have at least ${SECRET_MIN_CHARS} characters` })
    .optional(),
});

/** A client that the deployment was told of, in the words of RFC 7591. */
export type StaticClient = z.infer<typeof StaticClient>;

const StaticClients = z.array(StaticClient);

/** Reads DISCO_OAUTH_CLIENTS: a JSON array of clients. What is wrong becomes the variable's problem. */
export function parseStaticClients(text: string, context: z.RefinementCtx<string>): StaticClient[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    context.addIssue("must be a JSON array of clients");
    return z.NEVER;
  }
  const parsed = StaticClients.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  context.addIssue(`${issue?.path.join(".") || "the list"}: ${issue?.message ?? "is not valid"}`);
  return z.NEVER;
}
