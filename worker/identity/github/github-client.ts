import { Octokit } from "@octokit/rest";
import * as oauth from "oauth4webapi";
import { DiscoError } from "#protocol/errors.ts";
import type { GithubConfig } from "../../config.ts";

/** Milliseconds that GitHub gets for one answer: a person waits. */
const GITHUB_TIMEOUT_MS = 10_000;

/** A person as GitHub names them. */
export interface GithubAccount {
  /** Never changes, other than the login. */
  readonly id: string;
  readonly login: string;
  readonly name: string;
}

export interface GithubSignIn {
  readonly account: GithubAccount;
  /** Speaks for the person at GitHub, with the scopes that were asked for. */
  readonly token: string;
}

/** What is needed to go to GitHub and to come back. */
export interface GithubTrip {
  /** Scopes of GitHub's; none are needed to learn who somebody is. */
  readonly scope: string;
  readonly redirectUri: string;
  readonly state: string;
  /** Of PKCE (RFC 7636), kept until the browser is back. */
  readonly verifier: string;
}

/** GitHub names no endpoints of its own accord; these are its documented ones. */
function serverOf({ origin }: GithubConfig): oauth.AuthorizationServer {
  return {
    issuer: `${origin}/login/oauth`,
    authorization_endpoint: `${origin}/login/oauth/authorize`,
    token_endpoint: `${origin}/login/oauth/access_token`,
  };
}

/** Where the browser goes to sign in. */
export async function githubUrl(config: GithubConfig, trip: GithubTrip): Promise<string> {
  const url = new URL(`${config.origin}/login/oauth/authorize`);
  const parameters = {
    client_id: config.clientId,
    redirect_uri: trip.redirectUri,
    scope: trip.scope,
    state: trip.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(trip.verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== "") url.searchParams.set(name, value);
  }
  return url.href;
}

/**
 * Turns what the browser brought back into a person.
 *
 * @throws DiscoError `unauthenticated` when the person declined, or the answer is none of ours;
 *   `network_unavailable` when GitHub does not answer
 */
export async function finishGithubSignIn(
  config: GithubConfig,
  callback: URL,
  trip: GithubTrip,
): Promise<GithubSignIn> {
  const server = serverOf(config);
  const client = { client_id: config.clientId };
  try {
    const parameters = oauth.validateAuthResponse(server, client, callback, trip.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.ClientSecretPost(config.clientSecret),
      parameters,
      trip.redirectUri,
      trip.verifier,
      {
        signal: AbortSignal.timeout(GITHUB_TIMEOUT_MS),
        // A stand-in on this machine has no certificate; the configuration lets nothing else be http.
        // oxlint-disable-next-line typescript/no-deprecated -- so that nobody uses it without a reason
        [oauth.allowInsecureRequests]: config.origin.startsWith("http:"),
      },
    );
    const answer = await oauth.processAuthorizationCodeResponse(server, client, response);
    return { token: answer.access_token, account: await accountOf(config, answer.access_token) };
  } catch (cause) {
    throw githubError(cause);
  }
}

async function accountOf(config: GithubConfig, token: string): Promise<GithubAccount> {
  const { data } = await createOctokit(config, token).rest.users.getAuthenticated();
  return { id: String(data.id), login: data.login, name: data.name ?? "" };
}

/** GitHub's API for one person. */
export function createOctokit({ api: baseUrl }: GithubConfig, token: string): Octokit {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  return new Octokit({
    auth: token,
    baseUrl,
    userAgent: "disco",
    // What it would log holds addresses of repositories.
    log: silent,
    request: {
      fetch: (url: string, init: RequestInit) =>
        fetch(url, { ...init, signal: AbortSignal.timeout(GITHUB_TIMEOUT_MS) }),
    },
  });
}

/** Codes and tokens must not reach a log: only what kind of thing went wrong is told. */
export function githubError(cause: unknown): DiscoError {
  if (cause instanceof DiscoError) return cause;
  if (cause instanceof oauth.AuthorizationResponseError) {
    const declined = cause.error === "access_denied";
    const message = declined ? "You declined at GitHub." : "GitHub refused the sign-in.";
    return new DiscoError("unauthenticated", message);
  }
  const isRefusal =
    cause instanceof oauth.ResponseBodyError || cause instanceof oauth.OperationProcessingError;
  if (isRefusal) return new DiscoError("unauthenticated", "GitHub did not confirm the sign-in.");
  return new DiscoError("network_unavailable", "GitHub does not answer.");
}
