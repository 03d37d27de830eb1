import type { AppContext } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { createGitCredentials } from "../store/git-credentials.ts";
import { createRedis } from "../store/redis.ts";
import { createUsers } from "../store/users.ts";
import { signOutEverywhere, stopCounting } from "./revocation.ts";

/**
 * Deletes all that is kept of a user. The containers go while their tabs are still connected, because
 * that is how the tabs learn to delete the files; the user's record goes last, so that what a failure
 * left can be deleted by signing in and doing it again.
 */
export async function deleteData(context: AppContext, user: string): Promise<void> {
  const config = servingConfig(context);
  const redis = createRedis(context.env);
  await stopCounting(context, user);
  const containers = context.get("containers").of(user);
  for (const { id } of await containers.list()) await containers.remove(id);
  await signOutEverywhere(context, user);
  const credentials = createGitCredentials(redis, config.secret);
  for (const { scope } of await credentials.list(user)) await credentials.remove(user, scope);
  // The user of this machine has no record but the moment before which nothing counts.
  if (config.mode !== "local") await createUsers(redis).remove(user);
}
