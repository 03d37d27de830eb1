import type { DeployedConfig, LocalConfig } from "../config.ts";

/** Who signs first-party tokens here, and whose are accepted. */
export interface Realm {
  /** Names the deployment (RFC 7519, section 4.1.1): a token of another one is foreign. */
  readonly issuer: string;
  /** The first signs; every one is accepted. After a rotation the former secret stands second. */
  readonly secrets: readonly [string, ...string[]];
}

/** The realm of one person's machine; the scripts that start it mint tokens of it too. */
export function localRealm(secret: string): Realm {
  return { issuer: "disco", secrets: [secret] };
}

export function realmOf(config: LocalConfig | DeployedConfig): Realm {
  if (config.mode === "local") return localRealm(config.secret);
  const { origin: issuer, secret, previousSecret } = config;
  return { issuer, secrets: previousSecret === null ? [secret] : [secret, previousSecret] };
}
