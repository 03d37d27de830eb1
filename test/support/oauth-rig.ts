import { createHash, randomBytes } from "node:crypto";
import { EdgeRig, TEST_SECRET } from "./edge-rig.ts";
import { type Answer, HttpBrowser, readConsent } from "./http-browser.ts";
import { mintLocalClaim } from "#worker/identity/tokens.ts";

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly scope: string;
}

/** What an authorization request says; each part may be replaced or left out. */
export type AuthorizeParameters = Record<string, string | undefined>;

export const REDIRECT = "https://client.example/callback";

/** A pair of PKCE, as RFC 7636 makes it. */
export function pkcePair(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** An OAuth client, and the browser of the local user, before a worker. */
export class OAuthRig {
  readonly edge: EdgeRig;
  readonly browser: HttpBrowser;

  private constructor(edge: EdgeRig) {
    this.edge = edge;
    this.browser = new HttpBrowser(edge.worker.fetch);
  }

  static async start(edge?: EdgeRig): Promise<OAuthRig> {
    const rig = new OAuthRig(edge ?? (await EdgeRig.start()));
    await rig.signIn(rig.browser);
    return rig;
  }

  get app(): string {
    return `http://localhost:${this.edge.worker.url.port}`;
  }

  get page(): string {
    return this.edge.page;
  }

  /** A browser that nobody has signed in. */
  newBrowser(): HttpBrowser {
    return new HttpBrowser(this.edge.worker.fetch);
  }

  async signIn(browser: HttpBrowser): Promise<void> {
    const answer = await browser.open(`${this.page}/auth/sign-in`, {
      method: "POST",
      headers: { Origin: this.page, "Content-Type": "application/json" },
      body: JSON.stringify({ claim: await mintLocalClaim(TEST_SECRET) }),
    });
    await answer.text();
  }

  async register(metadata: object = {}): Promise<string> {
    const answer = await this.postJson("/register", {
      redirect_uris: [REDIRECT],
      client_name: "Test client",
      token_endpoint_auth_method: "none",
      ...metadata,
    });
    return ((await answer.json()) as { client_id: string }).client_id;
  }

  postJson(path: string, body: object, headers: Record<string, string> = {}) {
    return this.edge.worker.fetch(this.app + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  authorizeUrl(parameters: AuthorizeParameters, origin = this.page): string {
    const url = new URL(`${origin}/authorize`);
    const all = {
      response_type: "code",
      redirect_uri: REDIRECT,
      code_challenge_method: "S256",
      state: "the state",
      ...parameters,
    };
    for (const [name, value] of Object.entries(all)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url.href;
  }

  /** Opens the consent page and gives the answer; returns the redirect back to the client. */
  async consent(
    parameters: AuthorizeParameters,
    fields: Record<string, string> = {},
    browser = this.browser,
  ): Promise<Answer> {
    const opened = await browser.open(this.authorizeUrl(parameters));
    const text = await opened.text();
    if (opened.status !== 200) throw new Error(`No consent page: ${opened.status} ${text}`);
    const { handle, chosen } = readConsent(text);
    const form = { handle, container: chosen, answer: "allow", ...fields };
    const answer = await browser.submit(`${this.page}/authorize`, form);
    await answer.text();
    return answer;
  }

  /** A code, and the verifier that redeems it. */
  async code(client: string, parameters: AuthorizeParameters = {}) {
    const { verifier, challenge } = pkcePair();
    const asked = { client_id: client, code_challenge: challenge, ...parameters };
    const back = new URL((await this.consent(asked)).headers.get("Location") ?? "");
    return { code: back.searchParams.get("code") ?? "", verifier, back };
  }

  postForm(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return this.edge.worker.fetch(this.app + path, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }

  redeem(client: string, code: string, verifier: string, more: Record<string, string> = {}) {
    return this.postForm("/token", {
      grant_type: "authorization_code",
      client_id: client,
      code,
      code_verifier: verifier,
      redirect_uri: REDIRECT,
      ...more,
    });
  }

  refresh(client: string, token: string, more: Record<string, string> = {}) {
    const fields = { grant_type: "refresh_token", client_id: client, refresh_token: token };
    return this.postForm("/token", { ...fields, ...more });
  }

  /** Everything from the consent to the tokens. */
  async tokens(client: string, parameters: AuthorizeParameters = {}): Promise<Tokens> {
    const { code, verifier } = await this.code(client, parameters);
    return (await (await this.redeem(client, code, verifier)).json()) as Tokens;
  }

  /** Status of a call with this token. */
  async statusWith(token: string, path = "/api/v1/containers/current"): Promise<number> {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await this.edge.worker.fetch(this.app + path, { headers });
    await answer.text();
    return answer.status;
  }

  close(): Promise<void> {
    return this.edge.close();
  }
}
