import { mintToken } from "#worker/identity/tokens.ts";

/** An access token of a deployment, whose user, session and family no store knows. */
export function accessTokenOf({
  DISCO_ORIGIN: issuer,
  DISCO_SECRET: secret,
}: {
  readonly DISCO_ORIGIN: string;
  readonly DISCO_SECRET: string;
}): Promise<string> {
  return mintToken({ issuer, secrets: [secret] }, "access", {
    sub: "u_1",
    client_id: "k",
    client_name: "k",
    scope: "files:read",
    sid: "s_0123456789abcdef",
    family: "f_0123456789abcdef",
  });
}
