import type { ErrorKind } from "./error-kind.ts";
import { gitErrors } from "./git-errors.ts";

/**
 * The closed catalogue of errors. A code never changes its meaning; what is new gets a new code.
 */
export const errorCatalogue = {
  invalid_input: {
    status: 400,
    retryable: false,
    title: "The arguments do not fit the operation",
    next: "Correct the named arguments and call again.",
  },
  invalid_json: {
    status: 400,
    retryable: false,
    title: "The body is not JSON",
    next: "Send one JSON document in UTF-8.",
  },
  path_outside_workspace: {
    status: 400,
    retryable: false,
    title: "The path leaves the workspace",
    next: "Use a path inside the workspace; list_files shows what is there.",
  },
  unauthenticated: {
    status: 401,
    retryable: false,
    title: "No valid token",
    next:
      "Send `Authorization: Bearer <token>`: from OAuth, an API key of the sandbox page's Account, or " +
      "the token that `npm start` printed.",
  },
  insufficient_scope: {
    status: 403,
    retryable: false,
    title: "The token does not cover this operation",
    next: "Ask the user to grant the missing scope.",
  },
  origin_not_allowed: {
    status: 403,
    retryable: false,
    title: "This web origin may not call Disco",
    next: "Call from an allowed origin, or from a program that sends no Origin header.",
  },
  host_not_allowed: {
    status: 403,
    retryable: false,
    title: "This host name is not served here",
    next: "Use the URL that `npm start` printed; local mode answers on loopback names only.",
  },
  network_not_granted: {
    status: 403,
    retryable: false,
    title: "The person has not allowed this host",
    next: "Ask the user to allow the host in the sandbox page under Network, then run this again.",
  },
  network_refused: {
    status: 403,
    retryable: false,
    title: "A container never reaches this place",
    next: "Use the name of a public host; local mode reaches this machine as host.disco.internal.",
  },
  route_not_found: {
    status: 404,
    retryable: false,
    title: "No such route",
    next: "See /docs for the routes.",
  },
  unknown_operation: {
    status: 404,
    retryable: false,
    title: "No such operation",
    next: "Call tools/list, or see /capabilities, for the operations that exist.",
  },
  container_not_found: {
    status: 404,
    retryable: false,
    title: "No such container",
    next: "Leave `container` out to use your own; container_status names it.",
  },
  session_not_found: {
    status: 404,
    retryable: false,
    title: "No such session",
    next: "GET /api/v1/sessions lists the sessions that are open.",
  },
  file_not_found: {
    status: 404,
    retryable: false,
    title: "No such file or directory",
    next: "Call list_files to see what exists.",
  },
  process_not_found: {
    status: 404,
    retryable: false,
    title: "No such process",
    next: "Call list_processes for the ids that exist; a reload of the page ends all processes.",
  },
  checkpoint_not_found: {
    status: 404,
    retryable: false,
    title: "No such checkpoint",
    next: "Call list_checkpoints for the ids that exist; a reload of the page ends all of them.",
  },
  package_not_found: {
    status: 404,
    retryable: false,
    title: "No such package",
    next: "Check the package's name and version.",
  },
  container_deleted: {
    status: 410,
    retryable: false,
    title: "The container was deleted",
    next: "Leave `container` out to use your own, or create another one.",
  },
  github_not_connected: {
    status: 409,
    retryable: false,
    title: "The user has not connected repositories at GitHub",
    next: "Ask the user to connect GitHub in the sandbox page, then call again.",
  },
  too_many_containers: {
    status: 409,
    retryable: false,
    title: "There are as many containers as one user may have",
    next: "Delete a container that is not needed any more, then create again.",
  },
  method_not_allowed: {
    status: 405,
    retryable: false,
    title: "The route does not take this method",
    next: "See the Allow header for the methods it takes.",
  },
  is_directory: {
    status: 409,
    retryable: false,
    title: "The path is a directory",
    next: "Call list_files on it, or name a file inside it.",
  },
  not_a_directory: {
    status: 409,
    retryable: false,
    title: "The path is not a directory",
    next: "Call read_file on it, or name the directory that holds it.",
  },
  already_exists: {
    status: 409,
    retryable: false,
    title: "The path exists already",
    next: "Choose another path, or write with mode `overwrite`.",
  },
  text_not_found: {
    status: 409,
    retryable: false,
    title: "The text to replace is not in the file",
    next: "Take old_text from the lines shown, or call read_file, and call again.",
  },
  text_not_unique: {
    status: 409,
    retryable: false,
    title: "The text to replace is in several places",
    next: "Add lines around it until it is unique, or set replace_all to change every place.",
  },
  no_change: {
    status: 409,
    retryable: false,
    title: "The edit would change nothing",
    next: "Call read_file to see whether the file is as wanted already.",
  },
  not_text: {
    status: 409,
    retryable: false,
    title: "The file is not text",
    next: "Replace it as a whole with write_file, or change it with a program.",
  },
  input_closed: {
    status: 409,
    retryable: false,
    title: "The process takes no input",
    next: "Call run_command with background true and without stdin; that one takes input while it runs.",
  },
  hash_mismatch: {
    status: 412,
    retryable: false,
    title: "The file changed since it was read",
    next: "Call read_file again and repeat the change with its new hash.",
  },
  too_large: {
    status: 413,
    retryable: false,
    title: "Too large",
    next: "Send or ask for a smaller part.",
  },
  unsupported_media_type: {
    status: 415,
    retryable: false,
    title: "Unsupported media type",
    next: "Send `Content-Type: application/json`.",
  },
  ...gitErrors,
  reload_required: {
    status: 426,
    retryable: false,
    title: "The page is of another version than the worker",
    next: "Ask the user to reload the sandbox page, then call again.",
  },
  overloaded: {
    status: 429,
    retryable: true,
    title: "Too many calls at once",
    next: "Wait for some of the running calls to end, then call again.",
  },
  cancelled: {
    status: 499,
    retryable: false,
    title: "The call was cancelled before it had an effect",
    next: "Call again if it is still wanted.",
  },
  internal: {
    status: 500,
    retryable: false,
    title: "Disco made a mistake",
    next: "Report the request id; the logs hold the details.",
  },
  network_unavailable: {
    status: 502,
    retryable: true,
    title: "The other host does not answer",
    next: "Check the host's name and port, then try again.",
  },
  registry_refused: {
    status: 502,
    retryable: false,
    title: "The package registry refuses this",
    next: "Use another package or version, or have the deployment's registry checked.",
  },
  registry_unavailable: {
    status: 502,
    retryable: true,
    title: "The package registry does not answer",
    next: "Call again in a few seconds.",
  },
  not_configured: {
    status: 503,
    retryable: false,
    title: "This deployment is not configured",
    next: "Set the named variables with `wrangler secret put` and deploy again.",
  },
  store_unavailable: {
    status: 503,
    retryable: true,
    title: "The store does not answer",
    next: "Call again in a few seconds.",
  },
  tab_not_attached: {
    status: 503,
    retryable: true,
    title: "No sandbox page is open for this container",
    next: "Ask the user to open the URL in `open_url`, then call again.",
  },
  runtime_not_ready: {
    status: 503,
    retryable: true,
    title: "The container is still starting",
    next: "Call container_status until its state is `ready`, then call again.",
  },
  runtime_failed: {
    status: 503,
    retryable: false,
    title: "The container could not start",
    next: "Ask the user to look at the sandbox page and reload it.",
  },
  deadline_exceeded: {
    status: 504,
    retryable: true,
    title: "The call did not run in time",
    next: "It had no effect: call again, or call container_status first.",
  },
  outcome_unknown: {
    status: 504,
    retryable: false,
    title: "The call may have run, but its outcome was lost",
    next: "Look at the workspace before you repeat it: it may have had its effect.",
  },
  storage_full: {
    status: 507,
    retryable: false,
    title: "The workspace is full",
    next: "Delete files that are not needed, then call again.",
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCatalogue;

export const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];
