import type { Manifest } from "../model/manifest.ts";
import { NpmError } from "../model/npm-error.ts";
import { type RegistrySpec, parseSpec, registryPart } from "../model/spec.ts";
import { versionsNeed } from "../model/substitutions.ts";
import { checkIntegrity } from "./integrity.ts";
import { type Packument, parsePackument, pickManifest } from "./packument.ts";
import { Turnstile } from "./turnstile.ts";

/** Requests under way at once, as many as npm has sockets; a browser has six per host without HTTP/2. */
const PARALLEL = 15;
/** Milliseconds for metadata, and for a tarball: longer than the proxy's own bounds. */
const METADATA_TIMEOUT_MS = 130_000;
const TARBALL_TIMEOUT_MS = 150_000;
/** Answers that may be different a moment later (RFC 9110, section 15). */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
const ATTEMPTS = 3;
const BACK_OFF_MS = 400;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Reads packages from the registry that the worker passes on. Each is asked for once per run. */
export class RegistryClient {
  readonly #fetch: Fetch;
  readonly #base: string;
  readonly #turnstile = new Turnstile(PARALLEL);
  readonly #packuments = new Map<string, Promise<Packument>>();
  readonly #picked = new Map<string, Promise<Manifest>>();

  /** @param base URL of the proxy, with its final slash */
  constructor(fetch: Fetch, base: string) {
    this.#fetch = fetch;
    this.#base = base;
  }

  /** @throws NpmError E404, ETARGET, and what the network says */
  pick(spec: RegistrySpec): Promise<Manifest> {
    const key = `${spec.name}@${spec.type === "tag" ? spec.tag : spec.range}`;
    const known = this.#picked.get(key);
    if (known !== undefined) return known;
    const picked = this.#pick(spec);
    this.#picked.set(key, picked);
    return picked;
  }

  async #pick(spec: RegistrySpec): Promise<Manifest> {
    const packument = await this.packument(spec.name);
    const companion = versionsNeed[spec.name];
    if (companion === undefined) return pickManifest(packument, spec);
    const { versions } = await this.packument(companion);
    return pickManifest(packument, spec, (version) => versions.has(version));
  }

  /** Picks what will be asked for soon, and tells what that will ask for. */
  foresee(spec: RegistrySpec, tell: (next: RegistrySpec) => void): void {
    const look = async (): Promise<void> => {
      const { dependencies, optionalDependencies, peerDependencies } = await this.pick(spec);
      for (const names of [dependencies, optionalDependencies, peerDependencies]) {
        for (const [name, raw] of Object.entries(names)) {
          const next = registryPart(parseSpec(name, raw));
          if (next !== null) tell(next);
        }
      }
    };
    // Whoever asks for it in earnest hears of the failure.
    look().catch(() => {});
  }

  packument(name: string): Promise<Packument> {
    const known = this.#packuments.get(name);
    if (known !== undefined) return known;
    const asked = this.#askPackument(name);
    this.#packuments.set(name, asked);
    return asked;
  }

  async #askPackument(name: string): Promise<Packument> {
    const response = await this.#ask(name.replace("/", "%2f"), METADATA_TIMEOUT_MS, name);
    return parsePackument(await response.json());
  }

  /**
   * A package's tarball, checked.
   *
   * @throws NpmError EINTEGRITY, E404, EREMOTE when the metadata leads to another host
   */
  async tarball(manifest: Manifest, resolved?: string): Promise<Uint8Array<ArrayBuffer>> {
    const label = `${manifest.name}@${manifest.version}`;
    const response = await this.#ask(
      this.#tarballPath(manifest, resolved),
      TARBALL_TIMEOUT_MS,
      label,
    );
    const bytes = new Uint8Array(await response.arrayBuffer());
    await checkIntegrity(bytes, manifest.integrity, label);
    return bytes;
  }

  /** Where a tarball is: as the metadata says, or at the place that every registry has for it. */
  #tarballPath(manifest: Manifest, resolved: string | undefined): string {
    const { name, version, tarball } = manifest;
    if (tarball !== undefined) {
      if (tarball.startsWith(this.#base)) return tarball.slice(this.#base.length);
      throw new NpmError("EREMOTE", [
        `The tarball of ${name}@${version} is on another host than the registry.`,
        "A container fetches from its registry only.",
      ]);
    }
    const file = /\/([^/?#]+\.tgz)$/.exec(resolved ?? "")?.[1];
    return `${name}/-/${file ?? `${name.split("/").at(-1)}-${version}.tgz`}`;
  }

  async #ask(path: string, timeoutMs: number, label: string): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#turnstile.pass(() => this.#askOnce(path, timeoutMs));
      if (answer instanceof Response && answer.ok) return answer;
      const mayPass = !(answer instanceof Response) || PASSING.has(answer.status);
      if (!mayPass || attempt === ATTEMPTS) throw await refusal(answer, this.#base + path, label);
      await new Promise((resolve) => setTimeout(resolve, BACK_OFF_MS * attempt));
    }
  }

  /** @returns an answer with its whole body, or why there is none */
  async #askOnce(path: string, timeoutMs: number): Promise<Response | Error> {
    try {
      const response = await this.#fetch(this.#base + path, {
        signal: AbortSignal.timeout(timeoutMs),
      });
      const body = await response.arrayBuffer();
      return new Response(body, { status: response.status });
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

async function refusal(answer: Response | Error, url: string, label: string): Promise<NpmError> {
  if (answer instanceof Error) {
    return new NpmError("ENETUNREACH", [`network request to ${url} failed: ${answer.message}`]);
  }
  if (answer.status === 404) {
    return new NpmError("E404", [
      `404 Not Found - GET ${url}`,
      "404",
      `404  '${label}' is not in this registry.`,
    ]);
  }
  const detail = await problemOf(answer);
  return new NpmError(`E${answer.status}`, [`${answer.status} - GET ${url}${detail}`]);
}

/** What a problem document says (RFC 9457). */
async function problemOf(answer: Response): Promise<string> {
  const problem = (await answer.json().catch(() => null)) as { detail?: unknown } | null;
  return typeof problem?.detail === "string" ? ` - ${problem.detail}` : "";
}
