import type { ErrorKind } from "./error-kind.ts";

/** What git may refuse, or meet on its way; a part of the catalogue. */
export const gitErrors = {
  push_not_granted: {
    status: 403,
    retryable: false,
    title: "The person has not allowed this push",
    next: "Ask the user to allow pushing to it in the sandbox page under Network, then call git_push again.",
  },
  git_auth_required: {
    status: 403,
    retryable: false,
    title: "The git host wants other credentials",
    next: "Ask the user to add credentials for it in the sandbox page under Network, then call again.",
  },
  repository_not_found: {
    status: 404,
    retryable: false,
    title: "No such repository on its host",
    next: "Check the URL; for a private one, ask the user to add credentials in the sandbox page under Network.",
  },
  not_a_repository: {
    status: 409,
    retryable: false,
    title: "There is no git repository",
    next: "Name the repository's directory; git_clone brings one, run_command with git init makes one.",
  },
  nothing_to_commit: {
    status: 409,
    retryable: false,
    title: "There is nothing to commit",
    next: "Call git_status to see what has changed.",
  },
  git_conflict: {
    status: 409,
    retryable: false,
    title: "Files are in the way",
    next: "Resolve the conflicts in the named files, or commit or restore these files, then call again.",
  },
  git_rejected: {
    status: 409,
    retryable: false,
    title: "The remote has commits that the branch lacks",
    next: "Call git_pull, then git_push again; force only if the user wants those commits gone.",
  },
  git_refused: {
    status: 409,
    retryable: false,
    title: "Git refuses this",
    next: "Read what git says; run_command with git does what this operation does not.",
  },
} as const satisfies Record<string, ErrorKind>;
