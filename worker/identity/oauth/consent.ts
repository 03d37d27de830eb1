import type { AuthRequest } from "@cloudflare/workers-oauth-provider";
import * as z from "zod";
import { shownText } from "../client-name.ts";
import { isDocumentUrl } from "./client-document.ts";
import { isLoopbackRedirect } from "./redirect-uri.ts";

/** An authorization request that was checked, as it waits for the person's answer. */
export const CheckedRequest = z.object({
  responseType: z.string(),
  clientId: z.string(),
  redirectUri: z.string(),
  scope: z.array(z.string()),
  state: z.string(),
  codeChallenge: z.string(),
  codeChallengeMethod: z.literal("S256"),
  resource: z.string(),
  issuer: z.string(),
});
export type CheckedRequest = z.infer<typeof CheckedRequest> & AuthRequest;

/** What waits behind a consent page. */
export const PendingConsent = z.object({
  request: CheckedRequest,
  /** The client's own claim; untrusted text. */
  clientName: z.string(),
  /** Id of the user to whom the page was shown; null: nobody was signed in yet. */
  user: z.string().nullable(),
});
export type PendingConsent = z.infer<typeof PendingConsent>;

/** Who asks, in the order of what can be believed. */
export interface Asking {
  /** Where the code goes: the one thing that a client cannot make up. */
  readonly redirectHost: string;
  /** The code goes to a program on the person's own machine; which one, nobody can say. */
  readonly isLoopback: boolean;
  /** The host whose document describes the client; null for one that registered itself. */
  readonly documentHost: string | null;
  /** The client's own claim, without characters that could disguise it. */
  readonly claimedName: string;
}

export function askingOf({ request, clientName }: PendingConsent): Asking {
  const { clientId, redirectUri } = request;
  return {
    redirectHost: new URL(redirectUri).host,
    isLoopback: isLoopbackRedirect(redirectUri),
    documentHost: isDocumentUrl(clientId) ? new URL(clientId).host : null,
    claimedName: shownText(clientName) || "without a name",
  };
}
