import type { DeployedConfig, LocalConfig } from "../../config.ts";
import { libraryId } from "./grant-end.ts";

/** The library's record of a client that the deployment was configured with, or null. */
export async function staticClient(
  { oauthClients }: LocalConfig | DeployedConfig,
  id: string,
): Promise<object | null> {
  const client = oauthClients.find((one) => one.client_id === id);
  if (client === undefined) return null;
  const { client_id, client_name, redirect_uris, client_secret: secret } = client;
  return {
    clientId: client_id,
    clientName: client_name,
    redirectUris: redirect_uris,
    grantTypes: ["authorization_code", "refresh_token"],
    responseTypes: ["code"],
    tokenEndpointAuthMethod: secret === undefined ? "none" : "client_secret_basic",
    ...(secret !== undefined && { clientSecret: await libraryId(secret) }),
  };
}
