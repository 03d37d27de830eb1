import { DiscoError } from "#protocol/errors.ts";
import type { DeployedConfig } from "../../config.ts";
import type { AppContext } from "../../http/app-env.ts";
import { servingConfig } from "../../http/configured.ts";
import { createGitCredentials, type GitCredentials } from "../../store/git-credentials.ts";
import { createRedis } from "../../store/redis.ts";

/** GitHub takes a token as the password of this user name (its documentation of OAuth apps). */
const TOKEN_USER = "x-access-token";

/**
 * The deployment of this request, whose OAuth app speaks for it at GitHub.
 *
 * @throws DiscoError `route_not_found` on a person's own machine, which has none
 */
export function deploymentOf(context: AppContext): DeployedConfig {
  const config = servingConfig(context);
  if (config.mode === "deployed") return config;
  throw new DiscoError("route_not_found", "Your own machine has no OAuth app at GitHub.");
}

function credentialsOf(context: AppContext): GitCredentials {
  return createGitCredentials(createRedis(context.env), servingConfig(context).secret);
}

/**
 * Keeps the token that a person gave for repositories where git's proxy looks for it: sealed, for this
 * user, for GitHub alone.
 */
export async function keepRepositoryAccess(
  context: AppContext,
  user: string,
  token: string,
): Promise<void> {
  const { github } = deploymentOf(context);
  await credentialsOf(context).put(user, github.origin, { username: TOKEN_USER, token });
}

export async function dropRepositoryAccess(context: AppContext, user: string): Promise<void> {
  await credentialsOf(context).remove(user, deploymentOf(context).github.origin);
}

/** @returns null when the user has not given it */
export async function findRepositoryAccess(
  context: AppContext,
  user: string,
): Promise<string | null> {
  const { github } = deploymentOf(context);
  const found = await credentialsOf(context).find(user, [github.origin]);
  return found?.token ?? null;
}

/** @throws DiscoError `github_not_connected` */
export async function requireRepositoryAccess(context: AppContext, user: string): Promise<string> {
  const token = await findRepositoryAccess(context, user);
  if (token !== null) return token;
  throw new DiscoError("github_not_connected", "The user has not connected GitHub repositories.");
}
