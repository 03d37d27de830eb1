import { mayUpdate } from "#protocol/git-grant.ts";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext } from "../../http/app-env.ts";
import type { IdentityHandlers } from "../../http/identity-routes.ts";
import { createGitGrants } from "../../store/git-grants.ts";
import { createRedis } from "../../store/redis.ts";
import type { Principal } from "../principal.ts";
import { listRepositories, openPullRequest, type PullRequestWish } from "./repositories.ts";
import { deploymentOf, requireRepositoryAccess } from "./repository-access.ts";

/** What clients may ask of GitHub; a person has said yes to each of it before. */
export const githubHandlers: IdentityHandlers<"list_repositories" | "open_pull_request"> = {
  async list_repositories({ context, principal }) {
    const { github } = deploymentOf(context);
    const token = await requireRepositoryAccess(context, principal.user);
    return { repositories: await listRepositories(github, token) };
  },
  async open_pull_request({ context, principal, body }) {
    const { github } = deploymentOf(context);
    await requirePushGrant(context, principal, body);
    const token = await requireRepositoryAccess(context, principal.user);
    return openPullRequest(github, token, body);
  },
};

/**
 * A pull request shows others what was pushed, so it needs what a push needs: the person allowed the
 * client's container to push this branch of this repository.
 */
async function requirePushGrant(
  context: AppContext,
  { user, session }: Principal,
  { repository, head }: PullRequestWish,
): Promise<void> {
  const { github } = deploymentOf(context);
  const container = session.container ?? (await context.get("containers").resolve(user, undefined));
  const grants = await createGitGrants(createRedis(context.env)).list(container.id);
  const url = `${github.origin}/${repository}`.toLowerCase();
  const isAllowed = grants.some(
    (grant) =>
      grant.repository.toLowerCase() === url &&
      grant.access === "push" &&
      mayUpdate(`refs/heads/${head}`, grant.branches),
  );
  if (isAllowed) return;
  const message = `Pushing ${head} to ${repository} has not been allowed for this container.`;
  throw new DiscoError("push_not_granted", message);
}
