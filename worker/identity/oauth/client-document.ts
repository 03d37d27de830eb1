import * as z from "zod";
import { isAcceptableRedirect } from "./redirect-uri.ts";

/** A client as the OAuth library keeps it; without a secret it is public and has PKCE only. */
export interface ClientRecord {
  readonly clientId: string;
  readonly clientName?: string | undefined;
  readonly clientUri?: string | undefined;
  readonly redirectUris: string[];
  readonly grantTypes: string[];
  readonly responseTypes: string[];
  readonly tokenEndpointAuthMethod: "none";
}

const shortText = z.string().trim().min(1).max(200);

/** Client ID Metadata Document (draft-ietf-oauth-client-id-metadata-document-00, section 4.1). */
const ClientDocument = z.object({
  client_id: z.string(),
  client_name: shortText,
  client_uri: z.url({ protocol: /^https?$/ }).optional(),
  redirect_uris: z.array(z.string().max(2_000)).min(1).max(50),
  grant_types: z.array(z.string()).optional(),
  response_types: z.array(z.string()).optional(),
  token_endpoint_auth_method: z.string().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  // A document that everybody can read holds no secret (section 4.1).
  client_secret: z.undefined().optional(),
  client_secret_expires_at: z.undefined().optional(),
});

/** Longer ones are refused before anything is asked of them. */
const URL_MAX_CHARS = 1_000;

/**
 * Whether a client id is the address of a document: https with a path, and nothing that is read in
 * two ways (section 3).
 */
export function isDocumentUrl(id: string): boolean {
  if (id.length > URL_MAX_CHARS || !/^https:\/\/[^\s\\#@/?]+\/[^\s\\#@]*$/.test(id)) return false;
  if (!URL.canParse(id)) return false;
  // The parser removes dot segments and default ports: what it changes is not canonical.
  return new URL(id).href === id && !/%2e/i.test(new URL(id).pathname);
}

/**
 * @param url where the document was read: the client's id
 * @returns the client, or a sentence that says why the document makes none
 */
export function parseClientDocument(url: string, document: unknown): ClientRecord | string {
  const parsed = ClientDocument.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join(".") || "the document"}: ${issue?.message ?? "is not valid"}`;
  }
  const { data } = parsed;
  const redirectUris = data.redirect_uris.filter(isAcceptableRedirect);
  const problem =
    data.client_id === url ? problemOf(data) : "client_id is not the address of the document.";
  if (problem !== null) return problem;
  if (redirectUris.length === 0) return "redirect_uris names no https or loopback address.";
  return {
    clientId: url,
    clientName: data.client_name,
    clientUri: data.client_uri,
    redirectUris,
    grantTypes: ["authorization_code", "refresh_token"],
    responseTypes: ["code"],
    tokenEndpointAuthMethod: "none",
  };
}

/** What `parseClientDocument` needs to make this client again: nothing else of a stranger is kept. */
export function keptDocument(client: ClientRecord): object {
  return {
    client_id: client.clientId,
    client_name: client.clientName,
    client_uri: client.clientUri,
    redirect_uris: client.redirectUris,
  };
}

/** Why a client that wants this could not work here. */
function problemOf(document: z.infer<typeof ClientDocument>): string | null {
  const method = document.token_endpoint_auth_method ?? "none";
  const methods = document.token_endpoint_auth_methods_supported ?? [];
  if (method !== "none" && !methods.includes("none")) {
    return `token_endpoint_auth_method is ${method.slice(0, 40)}; this server takes none, with PKCE.`;
  }
  if (document.response_types?.includes("code") === false) return "response_types has no code.";
  const hasGrant = document.grant_types?.includes("authorization_code") ?? true;
  return hasGrant ? null : "grant_types has no authorization_code.";
}
