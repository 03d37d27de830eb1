import { gitMain } from "#sandbox/runtime/embedded/git/main.ts";
import { NetworkReport, type GitWish } from "#sandbox/runtime/embedded/network/messages.ts";
import { EdgeRig } from "./edge-rig.ts";
import { type Asking, EgressRig } from "./egress-rig.ts";
import { type GitResult, ROOT } from "./git-pair.ts";
import { GitServer } from "./git-server.ts";
import { KernelInThread } from "./kernel-in-thread.ts";

const environment = {
  GIT_AUTHOR_NAME: "Ada Author",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Carl Committer",
  GIT_COMMITTER_EMAIL: "carl@example.com",
  GIT_AUTHOR_DATE: "1700000000 +0130",
  GIT_COMMITTER_DATE: "1700000000 +0130",
  GIT_CONFIG_GLOBAL: "/etc/no-gitconfig",
};

/**
 * Everything between our git and the real one: the program, the kernel, the worker in workerd, and
 * `git http-backend` on this machine's loopback. Only the browser is left out.
 */
export class GitRig {
  readonly egress: EgressRig;
  readonly server: GitServer;
  readonly kernel: KernelInThread;
  wishes: readonly GitWish[] = [];
  readonly #page: MessagePort;

  private constructor(egress: EgressRig, server: GitServer) {
    this.egress = egress;
    this.server = server;
    this.kernel = new KernelInThread(
      { node: (system) => gitMain(system) },
      {
        base: egress.runtime,
        fetch: async (url, { body, headers, method, signal }) =>
          (await egress.edge.worker.fetch(url, {
            method: method ?? "POST",
            headers: { ...egress.fromRuntime, ...(headers as Record<string, string>) },
            body: Buffer.from(await new Response(body).arrayBuffer()),
            ...(signal && { signal }),
          })) as unknown as Response,
      },
    );
    const { port1, port2 } = new MessageChannel();
    this.#page = port1;
    port1.addEventListener("message", ({ data }) => void this.#hear(data));
    port1.start();
    this.kernel.kernel.network.serve(port2);
    port1.postMessage({ type: "rules", rules: [], local: true }, []);
  }

  /** @param limits of the worker: none on how often git may ask, or ones that are soon reached */
  static async start(limits: "none" | "low" = "none"): Promise<GitRig> {
    const server = await GitServer.start();
    const worker = limits === "none" ? "git-worker" : "git-limits-worker";
    const edge = await EdgeRig.start(`test/support/workerd/${worker}.ts`);
    return new GitRig(await EgressRig.start(edge), server);
  }

  /** Lets git read all repositories of the server. */
  async allowServer(): Promise<void> {
    await this.egress.allow(this.#host);
  }

  get #host(): string {
    return `http://host.disco.internal:${this.server.port}`;
  }

  /** A request of the page about git, signed in. */
  page(method: string, path: string, body?: object) {
    return this.egress.page(method, body, path, {}, "git");
  }

  async allow(name: string, access: "read" | "push", branches: string | null = null) {
    const body = { repository: this.server.url(name), access, branches };
    await (await this.page("POST", "/repositories", body)).text();
  }

  /** A request to the worker's proxy, as the kernel would send it. */
  ask(path: string, asking: Asking = {}) {
    return this.egress.ask(this.server.url(path), asking, "git");
  }

  /** Takes back what the page has allowed, and removes the credentials. */
  async revokeAll(): Promise<void> {
    const { repositories, credentials } = (await (await this.page("GET", "")).json()) as {
      repositories: { repository: string }[];
      credentials: { scope: string }[];
    };
    for (const { repository } of repositories)
      await (await this.page("DELETE", "/repositories", { repository })).text();
    for (const { scope } of credentials)
      await (await this.page("DELETE", "/credentials", { scope })).text();
  }

  /** Our git, with this machine's places taken out of what it says. */
  async ours(
    args: readonly string[],
    cwd = "",
    more: Record<string, string> = {},
  ): Promise<GitResult> {
    const place = cwd === "" ? ROOT : `${ROOT}/${cwd}`;
    const env = { ...environment, ...more };
    const { code, stdout, stderr } = await this.kernel.run(["git", ...args], { cwd: place, env });
    const plain = (text: string): string =>
      text.replaceAll(ROOT, "<root>").replaceAll(this.#host, "<host>");
    return { code, stdout: plain(stdout), stderr: plain(stderr) };
  }

  async #hear(data: unknown): Promise<void> {
    const message = NetworkReport.parse(data);
    if (message.type === "state") {
      this.wishes = message.gitWishes;
      return;
    }
    const token = await this.egress.token();
    this.#page.postMessage({ type: "token", token, expiresAt: Date.now() + 300_000 }, []);
  }

  async close(): Promise<void> {
    this.#page.close();
    await this.server.close();
    await this.egress.close();
  }
}
