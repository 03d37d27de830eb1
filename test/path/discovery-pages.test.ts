import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopes } from "#protocol/operation.ts";
import { AppConfig, PAGE_DATA_ID, PageData } from "#protocol/page-data.ts";
import { COOKIE } from "#worker/identity/browser-sign-in.ts";
import { mintToken } from "#worker/identity/tokens.ts";
import { TEST_REALM, TEST_SECRET } from "#test/support/edge-rig.ts";
import { type RunningWorker, startWorker } from "#test/support/worker-harness.ts";

let worker: RunningWorker;
let assets: string;

/** What a build leaves, as small as it can be; the manifest is the repository's own. */
const built = {
  "index.html": "<!doctype html><head><title>the page</title></head>",
  "favicon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
  "assets/index-abc123.js": "export const built = true;",
  "assets/runtime-abc123.html": "<!doctype html><title>the runtime</title>",
};

beforeAll(async () => {
  assets = await mkdtemp(path.join(tmpdir(), "disco-assets-"));
  await mkdir(path.join(assets, "assets"));
  for (const [name, text] of Object.entries(built)) await writeFile(path.join(assets, name), text);
  const manifests = path.resolve(import.meta.dirname, "../../.well-known");
  await cp(manifests, path.join(assets, ".well-known"), { recursive: true });
  worker = await startWorker({ vars: { DISCO_LOCAL_SECRET: TEST_SECRET }, assets });
});
afterAll(async () => {
  await worker.close();
  await rm(assets, { recursive: true });
});

const at = (name: string, url: string) => `http://${name}:${worker.url.port}${url}`;
const page = (url: string) => worker.fetch(at("disco.localhost", url));
const runtime = (url: string) => worker.fetch(at("rt.disco.localhost", url));

describe("the sandbox page", () => {
  it("is isolated, strict, and framed by nobody", async () => {
    const answer = await page("/sandbox");
    expect(await answer.text()).toContain("the page");
    const { headers } = answer;
    expect(headers.get("Content-Type")).toContain("text/html");
    expect(headers.get("Cross-Origin-Opener-Policy")).toBe("same-origin");
    expect(headers.get("Cross-Origin-Embedder-Policy")).toBe("require-corp");
    expect(headers.get("X-Frame-Options")).toBe("DENY");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("Cross-Origin-Resource-Policy")).toBe("same-origin");
    const policy = headers.get("Content-Security-Policy") ?? "";
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' ws://disco.localhost:${worker.url.port};`);
    expect(policy).not.toContain("unsafe-eval");
  });

  it("keeps its built files for ever, with the page's isolation for its workers", async () => {
    const answer = await page("/assets/index-abc123.js");
    expect(await answer.text()).toContain("built");
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    expect(answer.headers.get("Cross-Origin-Embedder-Policy")).toBe("require-corp");
    expect(answer.headers.get("Cross-Origin-Resource-Policy")).toBe("same-origin");
  });

  it("answers with 304 what the browser has", async () => {
    const first = await runtime("/__disco/assets/runtime-abc123.html");
    await first.text();
    const headers = { "If-None-Match": first.headers.get("ETag") ?? "" };
    const again = await worker.fetch(
      at("rt.disco.localhost", "/__disco/assets/runtime-abc123.html"),
      {
        headers,
      },
    );
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(again.headers.get("Content-Security-Policy")).toContain("frame-ancestors");
  });

  describe("tells in its document", () => {
    /** What the page reads there, without a browser. */
    const told = (html: string): unknown =>
      JSON.parse(new RegExp(`id="${PAGE_DATA_ID}">(.*?)</script>`).exec(html)?.[1] ?? "null");
    const open = async (cookie?: string): Promise<PageData> => {
      const headers = { "If-None-Match": "*", ...(cookie === undefined ? {} : { Cookie: cookie }) };
      const answer = await worker.fetch(at("disco.localhost", "/sandbox"), { headers });
      return PageData.parse(told(await answer.text()));
    };
    const signedInAs = async (name: string) => {
      const claims = { sub: "local", name, jti: crypto.randomUUID() };
      const answer = await worker.fetch(at("disco.localhost", "/auth/sign-in"), {
        method: "POST",
        headers: { Origin: at("disco.localhost", ""), "Content-Type": "application/json" },
        body: JSON.stringify({ claim: await mintToken(TEST_REALM, "claim", claims) }),
      });
      await answer.text();
      return (answer.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
    };

    it("the public configuration, and that nobody is signed in", async () => {
      const asked = await page("/config");
      expect(await open()).toEqual({
        config: AppConfig.parse(await asked.json()),
        identity: null,
      });
      expect(await open(`${COOKIE}=forged`)).toMatchObject({ identity: null });
    });

    it("nothing of a container that the address names and that is not theirs", async () => {
      const url = at("disco.localhost", `/sandbox?container=c_${"0".repeat(32)}`);
      const answer = await worker.fetch(url, { headers: { Cookie: await signedInAs("You") } });
      expect(told(await answer.text())).not.toHaveProperty("identity");
    });

    it("who is signed in, whatever their name is made of", async () => {
      const name = "</script><script>alert(1)</script><!--";
      expect(await open(await signedInAs(name))).toMatchObject({
        identity: { user: { id: "local", name }, container: { name: "default" } },
      });
    });
  });

  it.each(["/index.html", "/runtime.html", "/assets/none.js", "/assets/..%2findex.html"])(
    "is served at its own address only: %s",
    async (url) => {
      const answer = await page(url);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: "route_not_found" });
    },
  );
});

describe("the runtime's host", () => {
  it("serves the runtime, for the page to frame and for nobody else", async () => {
    const answer = await runtime("/__disco/assets/runtime-abc123.html?embedder=x");
    expect(await answer.text()).toContain("the runtime");
    const { headers } = answer;
    expect(headers.get("Cross-Origin-Embedder-Policy")).toBe("require-corp");
    expect(headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
    expect(headers.get("Origin-Agent-Cluster")).toBe("?1");
    const policy = headers.get("Content-Security-Policy") ?? "";
    expect(policy).toContain(`frame-ancestors http://disco.localhost:${worker.url.port}`);
    expect(policy).toContain("connect-src 'self';");
    expect(headers.get("Access-Control-Allow-Origin")).toBeNull();
  });

  it("serves its built files with the same rules", async () => {
    const answer = await runtime("/__disco/assets/index-abc123.js");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
    await answer.text();
  });

  it.each([
    "/",
    "/index.html",
    "/sandbox",
    "/favicon.svg",
    "/runtime.html",
    "/assets/index-abc123.js",
    "/__disco/assets/none.js",
    "/__disco/index.html",
    "/__disco/bridge.html",
  ])("does not serve %s", async (url) => {
    const answer = await runtime(url);
    expect(answer.status).toBe(404);
    await answer.text();
  });

  it("takes nothing but reads", async () => {
    const url = at("rt.disco.localhost", "/__disco/assets/runtime-abc123.html");
    const answer = await worker.fetch(url, { method: "POST", body: "x" });
    expect(answer.status).toBe(404);
    await answer.text();
  });
});

interface Manifest {
  schema_version: string;
  name_for_human: string;
  name_for_model: string;
  description_for_human: string;
  description_for_model: string;
  auth: { type: string };
  api: { type: string; url: string };
  logo_url: string;
  contact_email: string;
  legal_info_url: string;
}

describe("/.well-known/ai-plugin.json", () => {
  it("is complete, and every URL in it is one of this deployment that answers", async () => {
    const answer = await worker.fetch("/.well-known/ai-plugin.json");
    const manifest = (await answer.json()) as Manifest;
    const origin = `http://localhost:${worker.url.port}`;
    expect(manifest.schema_version).toBe("v1");
    expect(manifest.name_for_model).toMatch(/^[a-zA-Z][a-zA-Z0-9_]{0,49}$/);
    expect(manifest.name_for_human.length).toBeLessThanOrEqual(20);
    expect(manifest.description_for_human.length).toBeLessThanOrEqual(100);
    expect(manifest.description_for_model.length).toBeLessThanOrEqual(8_000);
    expect(manifest.contact_email).toContain("@");
    const described = await worker.fetch("/.well-known/oauth-authorization-server");
    const server = (await described.json()) as Record<string, string>;
    expect(manifest.auth).toEqual({
      type: "oauth",
      client_url: server["authorization_endpoint"],
      authorization_url: server["token_endpoint"],
      authorization_content_type: "application/x-www-form-urlencoded",
      scope: scopes.join(" "),
      verification_tokens: {},
    });
    expect(manifest.api).toEqual({ type: "openapi", url: `${origin}/openapi.json` });
    for (const url of [manifest.api.url, manifest.legal_info_url, manifest.logo_url]) {
      expect(url.startsWith(`${origin}/`)).toBe(true);
      const target = await worker.fetch(url);
      expect(target.status).toBe(200);
      await target.text();
    }
  });
});
