import { createHash } from "node:crypto";
import { GITHUB_APP, GithubServer } from "./github-server.ts";
import { type Answer, HttpBrowser, readConsent } from "./http-browser.ts";
import { pkcePair, REDIRECT } from "./oauth-rig.ts";
import { startUpstashServer, type UpstashServer } from "./upstash-server.ts";
import { type RunningWorker, startWorker } from "./worker-harness.ts";

/** A worker in the mode of a deployment, with a GitHub and an Upstash of the test's own. */
export class DeploymentRig {
  readonly worker: RunningWorker;
  readonly github: GithubServer;
  readonly store: UpstashServer;
  /** As people see it; see workerd/deployment-worker.ts. */
  readonly origin: string;
  readonly #asked: string;
  readonly #ownsStore: boolean;

  private constructor(
    host: string,
    parts: Pick<DeploymentRig, "worker" | "github" | "store">,
    ownsStore: boolean,
  ) {
    this.origin = `https://${host}`;
    this.#asked = `http://${host}`;
    this.worker = parts.worker;
    this.github = parts.github;
    this.store = parts.store;
    this.#ownsStore = ownsStore;
  }

  /** @param shared the store of another deployment, which stays that one's */
  static async start(host = "disco.example", shared?: UpstashServer): Promise<DeploymentRig> {
    const origin = `https://${host}`;
    const github = new GithubServer(`${origin}/api/v1/auth/github/callback`);
    await github.listen();
    const store = shared ?? (await startUpstashServer());
    const worker = await startWorker({
      main: "test/support/workerd/deployment-worker.ts",
      vars: {
        DISCO_ORIGIN: origin,
        DISCO_RUNTIME_ORIGIN: `https://rt.${host}`,
        DISCO_SECRET: createHash("sha256").update("deployment").digest("hex"),
        GITHUB_CLIENT_ID: GITHUB_APP.id,
        GITHUB_CLIENT_SECRET: GITHUB_APP.secret,
        GITHUB_ORIGIN: github.url,
        GITHUB_API_URL: github.url,
        UPSTASH_REDIS_REST_URL: store.url,
        UPSTASH_REDIS_REST_TOKEN: store.token,
      },
    });
    return new DeploymentRig(host, { worker, github, store }, shared === undefined);
  }

  newBrowser(): HttpBrowser {
    return new HttpBrowser(this.worker.fetch);
  }

  /** Opens an address of the deployment, or a path of it. */
  open(browser: HttpBrowser, address: string, init: Parameters<HttpBrowser["open"]>[1] = {}) {
    return browser.open(address.replace(this.origin, "").replace(/^(?=\/)/, this.#asked), init);
  }

  submit(browser: HttpBrowser, path: string, fields: Record<string, string>): Promise<Answer> {
    return browser.submit(this.#asked + path, fields, { Origin: this.origin });
  }

  /** From the page to GitHub and back: what the deployment answers to the browser that returns. */
  async signIn(browser: HttpBrowser, path = "/api/v1/auth/github"): Promise<Answer> {
    const away = await this.open(browser, path);
    await away.text();
    const back = await this.github.visit(away.headers.get("Location") ?? "");
    return this.open(browser, back.href);
  }

  async me(browser: HttpBrowser): Promise<{ status: number; name: string | undefined }> {
    const answer = await this.open(browser, "/auth/me", {
      headers: { Origin: this.origin },
    });
    const body = (await answer.json()) as { user?: { name: string } };
    return { status: answer.status, name: body.user?.name };
  }

  async register(): Promise<string> {
    const answer = await this.worker.fetch(`${this.#asked}/register`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ redirect_uris: [REDIRECT], token_endpoint_auth_method: "none" }),
    });
    return ((await answer.json()) as { client_id: string }).client_id;
  }

  authorizePath(client: string, challenge = pkcePair().challenge): string {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: client,
      redirect_uri: REDIRECT,
      code_challenge: challenge,
      code_challenge_method: "S256",
      state: "the state",
    });
    return `/authorize?${query.toString()}`;
  }

  redeem(client: string, code: string, verifier: string): Promise<Answer> {
    return this.worker.fetch(`${this.#asked}/token`, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: client,
        code,
        code_verifier: verifier,
      }).toString(),
    });
  }

  /** The whole way of a client of this browser's person. */
  async tokens(
    browser: HttpBrowser,
    parameters = "",
  ): Promise<{ access_token: string; refresh_token: string; client: string }> {
    const client = await this.register();
    const { verifier, challenge } = pkcePair();
    const page = await this.open(browser, this.authorizePath(client, challenge) + parameters);
    const { handle, chosen: container } = readConsent(await page.text());
    const answer = await this.submit(browser, "/authorize", { handle, container, answer: "allow" });
    await answer.text();
    const code = new URL(answer.headers.get("Location") ?? "").searchParams.get("code") ?? "";
    const tokens = (await (await this.redeem(client, code, verifier)).json()) as {
      access_token: string;
      refresh_token: string;
    };
    return { ...tokens, client };
  }

  async statusWith(token: string): Promise<number> {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await this.worker.fetch(`${this.#asked}/api/v1/containers/current`, { headers });
    await answer.text();
    return answer.status;
  }

  /** Id of the container that the token's client works on. */
  async containerOf(token: string): Promise<string> {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await this.worker.fetch(`${this.#asked}/api/v1/containers/current`, { headers });
    return ((await answer.json()) as { container: string }).container;
  }

  async close(): Promise<void> {
    await this.worker.close();
    await this.github.close();
    if (this.#ownsStore) await this.store.close();
  }
}
