import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CALL_TIMEOUT_DEFAULT_MS, REQUEST_BODY_MAX_BYTES } from "#protocol/limits.ts";
import { EdgeRig, TEST_REALM, TEST_SECRET } from "#test/support/edge-rig.ts";
import { problem, problemOf } from "#test/support/face-errors.ts";
import { smallWorkspace } from "#test/support/small-workspace.ts";
import { mintLocalToken, mintToken } from "#worker/identity/tokens.ts";

let rig: EdgeRig;
/** A second worker, to which no tab is attached. */
let empty: EdgeRig;

beforeAll(async () => {
  rig = await EdgeRig.start();
  empty = await EdgeRig.start();
  await rig.attach(smallWorkspace(new Map([["a.txt", "a\n"]])));
});
afterAll(async () => {
  await rig.close();
  await empty.close();
});

const files = "/api/v1/files/current";
const content = `${files}/content`;

function write(body: string | Uint8Array, type = "application/json", query = "") {
  const headers = { "Content-Type": type };
  return rig.api(files + query, { method: "PUT", headers, body });
}

describe("a route or method that is not there", () => {
  it("is not found", async () => {
    const answer = await rig.api("/api/v1/nothing/current");
    expect(await problemOf(answer)).toMatchObject(problem("route_not_found"));
  });

  it("names the methods that there are", async () => {
    const answer = await rig.api(content, { method: "DELETE" });
    expect(answer.headers.get("Allow")).toBe("GET, HEAD, OPTIONS");
    expect(await problemOf(answer)).toMatchObject(problem("method_not_allowed"));
  });
});

describe("wrong arguments", () => {
  it("are named, each with what it wants", async () => {
    const answer = await rig.api(`${files}?depth=99&limit=many&colour=red`);
    const detail =
      "list_files: `depth` wants at most 20; `limit` wants number, not string; `colour` is no " +
      "argument of this operation (it takes path, glob, depth, all, limit).";
    const seen = await problemOf(answer);
    expect(seen).toMatchObject(problem("invalid_input", { detail }));
    expect(seen.details?.["issues"]).toHaveLength(3);
  });

  it("are refused when given twice, in the wrong place, or as no object", async () => {
    const twice = await rig.api(`${content}?path=a&path=b`);
    expect(await problemOf(twice)).toMatchObject(problem("invalid_input"));
    const body = JSON.stringify({ path: "a", content: "" });
    const inQuery = await write(body, "application/json", "?mode=append");
    expect(await problemOf(inQuery)).toMatchObject(problem("invalid_input"));
    expect(await problemOf(await write("[1]"))).toMatchObject(problem("invalid_input"));
  });
});

describe("what is not the caller's to reach", () => {
  it("a container of somebody else, or of nobody", async () => {
    const answer = await rig.api("/api/v1/files/c_0000");
    expect(await problemOf(answer)).toMatchObject(problem("container_not_found"));
  });

  it("a path that leaves the workspace", async () => {
    const answer = await rig.api(`${content}?path=${encodeURIComponent("../../etc/passwd")}`);
    expect(await problemOf(answer)).toMatchObject(problem("path_outside_workspace"));
  });
});

describe("a body over the limit", () => {
  const tooLarge = problem("too_large", { details: { max_bytes: REQUEST_BODY_MAX_BYTES } });

  it("with its length declared", async () => {
    const answer = await write("x".repeat(REQUEST_BODY_MAX_BYTES + 1));
    expect(await problemOf(answer)).toMatchObject(tooLarge);
  });

  it("in chunks, where it must be counted", async () => {
    const piece = new Uint8Array(1024 * 1024).fill(120);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(piece);
        sent += piece.length;
        if (sent > REQUEST_BODY_MAX_BYTES) controller.close();
      },
    });
    const headers = { "Content-Type": "application/json" };
    const answer = await rig.api(files, { method: "PUT", headers, body, duplex: "half" });
    expect(await problemOf(answer)).toMatchObject(tooLarge);
  });
});

describe("a body that is no JSON", () => {
  it.each(["{", "", new Uint8Array([0x22, 0xff, 0x22])])("%j", async (body) => {
    expect(await problemOf(await write(body))).toMatchObject(problem("invalid_json"));
  });

  it("by its own word", async () => {
    const form = await write("path=a", "application/x-www-form-urlencoded");
    expect(await problemOf(form)).toMatchObject(problem("unsupported_media_type"));
  });
});

describe("who calls", () => {
  it("is refused from a foreign Origin", async () => {
    for (const Origin of [
      "https://evil.example",
      "https://chatgpt.com.evil.example",
      "http://chatgpt.com",
      "null",
      `http://rt.disco.localhost:${rig.worker.url.port}`,
    ]) {
      const answer = await rig.api(files, { headers: { Origin } });
      expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
      expect(await problemOf(answer)).toMatchObject(problem("origin_not_allowed"));
    }
  });

  it("is refused at a foreign Host", async () => {
    for (const host of ["evil.example", "disco.localhost.evil.example", "10.0.0.1"]) {
      const answer = await rig.api(`http://${host}:${rig.worker.url.port}${files}`);
      expect(await problemOf(answer)).toMatchObject(problem("host_not_allowed"));
    }
  });

  it("is asked for a token", async () => {
    const answer = await rig.worker.fetch(files);
    const metadata = `http://localhost:${rig.worker.url.port}/.well-known/oauth-protected-resource/mcp`;
    expect(answer.headers.get("WWW-Authenticate")).toBe(
      `Bearer realm="disco", resource_metadata="${metadata}"`,
    );
    expect(await problemOf(answer)).toMatchObject(problem("unauthenticated"));
  });

  it("is refused with a wrong token", async () => {
    for (const Authorization of [
      "Bearer nonsense",
      "Basic bG9jYWw6bG9jYWw=",
      `Bearer ${await mintLocalToken(`${TEST_SECRET}, another`)}`,
      `Bearer ${await mintToken(TEST_REALM, "browser", { sub: "local", name: "You", sid: "b_of-nobody-at-all" })}`,
    ]) {
      const answer = await rig.api(files, { headers: { Authorization } });
      expect(answer.headers.get("WWW-Authenticate")).toContain('error="invalid_token"');
      expect(await problemOf(answer)).toMatchObject(problem("unauthenticated"));
    }
  });

  it("may do what the token covers, and is told what it does not", async () => {
    const claims = { sub: "local", client_id: "r", client_name: "r", scope: "files:read x:y" };
    const Authorization = `Bearer ${await mintToken(TEST_REALM, "local", claims)}`;
    const refused = await rig.api("/api/v1/containers/current", { headers: { Authorization } });
    expect(refused.headers.get("WWW-Authenticate")).toMatch(
      /^Bearer realm="disco", .*, error="insufficient_scope", scope="containers:read"$/,
    );
    expect(await problemOf(refused)).toMatchObject(problem("insufficient_scope"));
    const allowed = await rig.api(files, { headers: { Authorization } });
    expect(allowed.status).toBe(200);
    await allowed.text();
  });
});

describe("no tab attached", () => {
  it("is told soon, with the URL to open [END-5]", async () => {
    const open_url = `${empty.page}/sandbox`;
    const started = Date.now();
    const answer = await empty.api(files);
    expect(Date.now() - started).toBeLessThan(CALL_TIMEOUT_DEFAULT_MS / 3);
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
    const expected = problem("tab_not_attached", {
      detail: expect.stringContaining(open_url),
      details: { open_url },
    });
    expect(await problemOf(answer)).toMatchObject(expected);
  });
});
