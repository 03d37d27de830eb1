import * as z from "zod";
import { defineRoute } from "./identity-route.ts";

/** As GitHub names repositories: owner and name. */
const repository = z
  .string()
  .max(150)
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/, {
    error: "must be `owner/name`",
  })
  .describe("The repository: `owner/name`.");

const branch = z
  .string()
  .max(250)
  .regex(/^[A-Za-z0-9](?!.*(?:\.\.|\/\/))[A-Za-z0-9._/-]*$/, { error: "must name a branch" });

export const listRepositories = defineRoute({
  method: "GET",
  path: "/api/v1/github/repositories",
  title: "List repositories at GitHub",
  description:
    "The 300 repositories that the user pushed to last, private ones too, once the user has connected " +
    "GitHub in the sandbox page.",
  noun: "github",
  needs: "git:read",
  body: null,
  output: z.object({
    repositories: z.array(
      z.object({
        name: z.string().describe("`owner/name`."),
        private: z.boolean(),
        may_push: z.boolean().describe("GitHub lets the user push."),
        default_branch: z.string(),
        clone_url: z.string(),
        description: z.string().nullable(),
      }),
    ),
  }),
  errors: ["github_not_connected", "network_unavailable", "store_unavailable"],
});

export const openPullRequest = defineRoute({
  method: "POST",
  path: "/api/v1/github/pull-requests",
  title: "Open a pull request at GitHub",
  description:
    "For a branch that was pushed, and that the user allowed the client's container to push. The user " +
    "must have connected GitHub in the sandbox page.",
  noun: "github",
  needs: "git:push",
  body: z.strictObject({
    repository,
    head: branch.describe("The branch with the changes."),
    base: branch.describe("The branch that they should go into."),
    title: z.string().trim().min(1).max(256),
    body: z.string().max(65_536).default("").describe("Text in Markdown."),
    draft: z.boolean().default(false),
  }),
  output: z.object({ number: z.int(), url: z.string() }),
  errors: ["github_not_connected", "push_not_granted", "network_unavailable", "store_unavailable"],
});
