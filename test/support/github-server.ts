import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody who has an account there. */
export interface GithubPerson {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
}

export interface GithubRepository {
  readonly full_name: string;
  readonly private: boolean;
  readonly owner: string;
}

interface Grant {
  readonly person: GithubPerson;
  readonly scope: string;
  readonly challenge: string;
  readonly redirectUri: string;
}

/** The OAuth app that is registered at this GitHub. */
export const GITHUB_APP = { id: "Iv1.of-the-test", secret: "github-secret-of-the-test" };

/**
 * A GitHub of one's own: an OAuth server that checks what GitHub checks (app, redirect URI, PKCE,
 * one use of a code) and the few routes of its API that Disco asks.
 */
export class GithubServer {
  readonly #server = createServer((request, response) => {
    void this.#serve(request, response);
  });
  readonly #codes = new Map<string, Grant>();
  readonly #tokens = new Map<string, Grant>();
  readonly repositories: GithubRepository[] = [];
  readonly pulls: object[] = [];
  /** Who is signed in at GitHub in every browser that comes. */
  person: GithubPerson = { id: 1815, login: "ada", name: "Ada Lovelace" };
  /** Whether that person says yes to the app. */
  agrees = true;
  /** Requests of browsers to the sign-in page. */
  visits = 0;
  readonly #callback: string;

  /** @param callback the one redirect URI of the app: wildcard matching is off */
  constructor(callback: string) {
    this.#callback = callback;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a browser gets that is sent there: the address that it is sent back to. */
  async visit(location: string): Promise<URL> {
    const answer = await fetch(location, { redirect: "manual" });
    const back = answer.headers.get("Location");
    if (back === null) throw new Error(`GitHub says ${answer.status}: ${await answer.text()}`);
    return new URL(back);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const json = (status: number, body: object) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    if (url.pathname === "/login/oauth/authorize") return this.#authorize(url, response);
    const body = await readText(request);
    if (url.pathname === "/login/oauth/access_token") return void json(200, this.#exchange(body));
    const token = /^(?:Bearer|token) (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const grant = this.#tokens.get(token);
    if (grant === undefined) return void json(401, { message: "Bad credentials" });
    const route = `${request.method} ${url.pathname}`;
    if (route === "GET /user") return void json(200, grant.person);
    if (route === "GET /user/repos") return void json(200, this.#reposOf(grant));
    const pulls = /^POST \/repos\/([^/]+\/[^/]+)\/pulls$/.exec(route)?.[1];
    if (pulls !== undefined && grant.scope.includes("repo")) {
      this.pulls.push(JSON.parse(body) as object);
      const html_url = `${this.url}/${pulls}/pull/${this.pulls.length}`;
      return void json(201, { number: this.pulls.length, html_url });
    }
    json(404, { message: "Not Found" });
  }

  #authorize(url: URL, response: ServerResponse): void {
    this.visits += 1;
    const asked = Object.fromEntries(url.searchParams);
    const known = asked["client_id"] === GITHUB_APP.id && asked["redirect_uri"] === this.#callback;
    if (!known) return void response.writeHead(400).end("The redirect_uri is not associated.");
    const back = new URL(this.#callback);
    back.searchParams.set("state", asked["state"] ?? "");
    if (this.agrees && asked["code_challenge_method"] === "S256") {
      const code = randomBytes(10).toString("hex");
      const { scope = "", code_challenge: challenge = "", redirect_uri: redirectUri = "" } = asked;
      this.#codes.set(code, { person: this.person, scope, challenge, redirectUri });
      back.searchParams.set("code", code);
    } else back.searchParams.set("error", "access_denied");
    response.writeHead(302, { Location: back.href }).end();
  }

  /** As GitHub: also a refusal is answered with 200. */
  #exchange(body: string): object {
    const form = new URLSearchParams(body);
    const isApp =
      form.get("client_id") === GITHUB_APP.id && form.get("client_secret") === GITHUB_APP.secret;
    if (!isApp) return { error: "incorrect_client_credentials" };
    const code = form.get("code") ?? "";
    const grant = this.#codes.get(code);
    this.#codes.delete(code);
    const verifier = form.get("code_verifier") ?? "";
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const fits = grant?.challenge === challenge && grant.redirectUri === form.get("redirect_uri");
    if (!fits) return { error: "bad_verification_code" };
    const access_token = `gho_${randomBytes(18).toString("hex")}`;
    this.#tokens.set(access_token, grant);
    return { access_token, token_type: "bearer", scope: grant.scope };
  }

  #reposOf({ person, scope }: Grant): object[] {
    return this.repositories
      .filter((one) => one.owner === person.login && (!one.private || scope.includes("repo")))
      .map(({ full_name, private: isPrivate }) => ({
        full_name,
        private: isPrivate,
        default_branch: "main",
        clone_url: `https://github.com/${full_name}.git`,
        html_url: `https://github.com/${full_name}`,
        description: null,
        pushed_at: "2026-11-01T00:00:00Z",
        permissions: { push: true },
      }));
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
