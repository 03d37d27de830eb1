import { createHash } from "node:crypto";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { writeTar } from "#sandbox/runtime/embedded/npm/archive/tar-write.ts";

/** A package.json to publish; files beside it by path. */
export interface Publication {
  readonly name: string;
  readonly version: string;
  readonly [field: string]: unknown;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface Version {
  readonly manifest: object;
  readonly tarball: Buffer;
  readonly integrity: string;
}

/** A registry on loopback that serves packages made on the fly, to real npm and to ours. */
export class NpmRegistry {
  readonly requests: { method: string; path: string; headers: IncomingMessage["headers"] }[] = [];
  readonly #packages = new Map<string, Map<string, Version>>();
  readonly #tags = new Map<string, Record<string, string>>();
  /** Answers of one path (or its beginning, with `*`), in place of what was published. */
  readonly #overrides = new Map<string, Handler>();
  readonly #server = createServer((request, response) => this.#answer(request, response));

  static async start(): Promise<NpmRegistry> {
    const registry = new NpmRegistry();
    await new Promise<void>((resolve) => registry.#server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** With its final slash. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** What it bundles is made up too, in version 1.0.0. */
  publish(publication: Publication, files: Readonly<Record<string, string>> = {}): void {
    const { name, version } = publication;
    const contents = {
      "package.json": JSON.stringify(publication, null, 2),
      "index.js": `module.exports = ${JSON.stringify(`${name}@${version}`)};\n`,
      ...files,
    };
    for (const inner of (publication["bundleDependencies"] ?? []) as string[]) {
      const json = { name: inner, version: "1.0.0", license: "MIT" };
      Object.assign(contents, { [`node_modules/${inner}/package.json`]: JSON.stringify(json) });
    }
    const archive = writeTar(
      Object.entries(contents).map(([path, text]) => ({
        path,
        mode: 0o644,
        content: new TextEncoder().encode(text),
      })),
    );
    const tarball = gzipSync(archive, { level: 1 });
    const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
    const versions = this.#packages.get(name) ?? new Map<string, Version>();
    this.#packages.set(name, versions.set(version, { manifest: publication, tarball, integrity }));
    this.#tags.set(name, { ...this.#tags.get(name), latest: version });
  }

  tag(name: string, tag: string, version: string): void {
    this.#tags.set(name, { ...this.#tags.get(name), [tag]: version });
  }

  /** @param path starts with a slash */
  override(path: string, handler: Handler): void {
    this.#overrides.set(path, handler);
  }

  /** What the registry has of a version, as its metadata tells it. */
  integrityOf(name: string, version: string): string {
    return this.#packages.get(name)?.get(version)?.integrity ?? "";
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "/";
    this.requests.push({ method: request.method ?? "", path, headers: request.headers });
    const override = this.#overrides.get(path);
    if (override) return override(request, response);
    const [, name = "", file] =
      /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/(.+))?$/.exec(unescape2f(path)) ?? [];
    const versions = this.#packages.get(name);
    if (!versions) return void response.writeHead(404).end('{"error":"not found"}');
    if (file === undefined) return this.#metadata(request, response, name, versions);
    const version = file.slice(name.split("/").at(-1)!.length + 1, -".tgz".length);
    const found = versions.get(version);
    if (!found) return void response.writeHead(404).end();
    response.writeHead(200, {
      "Content-Type": "application/octet-stream",
      "Content-Length": found.tarball.length,
    });
    response.end(found.tarball);
  }

  #metadata(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    versions: ReadonlyMap<string, Version>,
  ): void {
    const body = JSON.stringify({
      name,
      "dist-tags": this.#tags.get(name),
      versions: Object.fromEntries(
        [...versions].map(([version, { manifest, integrity }]) => {
          const file = `${name.split("/").at(-1)}-${version}.tgz`;
          return [
            version,
            { ...manifest, dist: { integrity, tarball: `${this.url}${name}/-/${file}` } },
          ];
        }),
      ),
    });
    const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`;
    if (request.headers["if-none-match"]?.includes(etag) === true) {
      return void response.writeHead(304, { ETag: etag }).end();
    }
    response.writeHead(200, { "Content-Type": "application/json", ETag: etag }).end(body);
  }
}

function unescape2f(path: string): string {
  return path.replace(/%2f/i, "/");
}
