import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const identity = {
  GIT_AUTHOR_NAME: "Rita Remote",
  GIT_AUTHOR_EMAIL: "rita@example.com",
  GIT_COMMITTER_NAME: "Rita Remote",
  GIT_COMMITTER_EMAIL: "rita@example.com",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
};

/** The real `git http-backend` on this machine's loopback, with bare repositories of its own. */
export class GitServer {
  readonly directory: string;
  readonly requests: IncomingMessage[] = [];
  /** Answers instead of git where it returns true. */
  intercept: (...args: Parameters<RequestListener>) => boolean = () => false;
  /** `user:token` that is asked for; null: everybody is let in. */
  credential: string | null = null;
  /** Directory of what is asked for directly, and of what is asked for as of a proxy. */
  roots: { readonly direct: string; readonly proxied: string } = { direct: "", proxied: "" };
  readonly #server: Server;
  #seconds = 1_700_000_000;

  private constructor(directory: string) {
    this.directory = directory;
    this.#server = createServer((request, response) => {
      this.requests.push(request);
      if (this.intercept(request, response)) return;
      const given = request.headers.authorization ?? "";
      const wanted = `Basic ${Buffer.from(this.credential ?? "").toString("base64")}`;
      if (this.credential !== null && given !== wanted) {
        response.writeHead(401, { "WWW-Authenticate": 'Basic realm="git"' }).end("no\n");
        return;
      }
      this.#serve(request, response);
    });
  }

  static async start(port = 0): Promise<GitServer> {
    const server = new GitServer(await mkdtemp(join(tmpdir(), "git-server-")));
    await new Promise<void>((resolve) => server.#server.listen(port, "localhost", resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Of a repository, as this machine's git names it. */
  local(name: string): string {
    return `http://localhost:${this.port}/${name}`;
  }

  /** Of a repository, as the container names it. */
  url(name: string): string {
    return `http://host.disco.internal:${this.port}/${name}`;
  }

  /** An empty bare repository, and a clone of it to work in. */
  async create(name: string): Promise<void> {
    const bare = join(this.directory, name);
    await mkdir(bare, { recursive: true });
    execFileSync("git", ["init", "-q", "--bare", "-b", "main", bare]);
    for (const setting of ["http.receivepack=true", "uploadpack.allowFilter=true"]) {
      const [key = "", value = ""] = setting.split("=");
      execFileSync("git", ["-C", bare, "config", key, value]);
    }
  }

  /** A repository with one commit on `main`. */
  async createWithCommit(name: string): Promise<void> {
    await this.create(name);
    await this.git("", "clone", "-q", name, `${name}-work`);
    await this.git(`${name}-work`, "commit", "-q", "--allow-empty", "-m", "First");
    await this.git(`${name}-work`, "push", "-q", "origin", "HEAD:main");
  }

  /** Does something with the clock at a moment (seconds since the epoch). */
  async at(seconds: number, work: () => Promise<void>): Promise<void> {
    this.#seconds = seconds;
    await work();
  }

  /** The real git in a repository of the server, or below the server's directory. */
  async git(name: string, ...args: string[]): Promise<string> {
    this.#seconds += 1;
    const date = `${this.#seconds} +0000`;
    const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    const env = { ...identity, ...dates, PATH: process.env["PATH"] ?? "", HOME: this.directory };
    const options = { cwd: join(this.directory, name), env, maxBuffer: 1e8 };
    return (await run("git", args, options)).stdout;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.directory, { recursive: true, force: true });
  }

  /** CGI (RFC 3875), as far as git-http-backend(1) takes it. */
  #serve(...[request, response]: Parameters<RequestListener>): void {
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    const root = request.url?.startsWith("/") ? this.roots.direct : this.roots.proxied;
    const child = spawn("git", ["http-backend"], {
      env: {
        ...identity,
        PATH: process.env["PATH"] ?? "",
        GIT_PROJECT_ROOT: join(this.directory, root),
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method ?? "",
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        ...(request.headers["content-length"] !== undefined && {
          CONTENT_LENGTH: request.headers["content-length"],
        }),
        REMOTE_USER: "somebody",
        REMOTE_ADDR: "127.0.0.1",
      },
    });
    child.stdin.on("error", () => {});
    request.pipe(child.stdin);
    let head = Buffer.alloc(0);
    child.stdout.on("data", (part: Buffer) => {
      if (response.headersSent) {
        response.write(part);
        return;
      }
      head = Buffer.concat([head, part]);
      const end = head.indexOf("\r\n\r\n");
      if (end === -1) return;
      const lines = head.subarray(0, end).toString().split("\r\n");
      const pairs = lines.map((line) => line.split(": ") as [string, string]);
      const status = Number(pairs.find(([name]) => name === "Status")?.[1].slice(0, 3) ?? 200);
      response.writeHead(status, Object.fromEntries(pairs.filter(([name]) => name !== "Status")));
      response.write(head.subarray(end + 4));
    });
    child.stdout.on("end", () => response.end());
  }
}
