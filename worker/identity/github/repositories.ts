import type { Octokit } from "@octokit/rest";
import { DiscoError } from "#protocol/errors.ts";
import type { GithubConfig } from "../../config.ts";
import { createOctokit, githubError } from "./github-client.ts";

/** Repositories on one page of GitHub's API, its most, and pages that are read: a list to pick from. */
const PAGE_SIZE = 100;
const PAGES_MAX = 3;

/** A repository that the person may clone, and perhaps push to. */
export interface GithubRepository {
  /** `owner/name`. */
  readonly name: string;
  readonly private: boolean;
  readonly may_push: boolean;
  readonly default_branch: string;
  readonly clone_url: string;
  readonly description: string | null;
}

export interface PullRequestWish {
  /** `owner/name`. */
  readonly repository: string;
  /** Branch that was pushed, and branch that it should go into. */
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

/** The repositories that the person pushed to last, at most 300. */
export async function listRepositories(
  config: GithubConfig,
  token: string,
): Promise<GithubRepository[]> {
  const octokit = createOctokit(config, token);
  const found: GithubRepository[] = [];
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const asked = { sort: "pushed", per_page: PAGE_SIZE, page } as const;
    const { data } = await told(octokit.rest.repos.listForAuthenticatedUser(asked));
    for (const one of data) {
      found.push({
        name: one.full_name,
        private: one.private,
        may_push: one.permissions?.push ?? false,
        default_branch: one.default_branch,
        clone_url: one.clone_url,
        description: one.description,
      });
    }
    if (data.length < PAGE_SIZE) break;
  }
  return found;
}

/** Opens a pull request; both branches are on GitHub already. */
export async function openPullRequest(
  config: GithubConfig,
  token: string,
  { repository, ...wish }: PullRequestWish,
): Promise<{ number: number; url: string }> {
  const [owner = "", repo = ""] = repository.split("/");
  const octokit: Octokit = createOctokit(config, token);
  const { data } = await told(octokit.rest.pulls.create({ owner, repo, ...wish }));
  return { number: data.number, url: data.html_url };
}

/** What GitHub refuses, in our words; its own may hold names of private repositories. */
async function told<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (cause) {
    const status = (cause as { status?: unknown }).status;
    if (status === 401) {
      throw new DiscoError("github_not_connected", "GitHub does not accept the access any more.");
    }
    if (status === 404) {
      throw new DiscoError("invalid_input", "GitHub shows no such repository to the user.");
    }
    if (status === 422) {
      const message =
        "GitHub refuses that: is the branch pushed, and is there no such request yet?";
      throw new DiscoError("invalid_input", message);
    }
    throw githubError(cause);
  }
}
