import { expect, it, vi } from "vitest";
import { writeHead } from "#protocol/egress-frame.ts";
import { createApp } from "#worker/app.ts";
import { mintToken } from "#worker/identity/tokens.ts";

// In plain Node: the harness of workerd tells every worker that its own origin is http.
const RUNTIME = "https://rt.disco.example";
const SECRET = "a-secret-of-the-tests-with-more-than-32-bytes";
const realm = { issuer: "https://disco.example", secrets: [SECRET] } as const;
const variables = {
  DISCO_ORIGIN: "https://disco.example",
  DISCO_RUNTIME_ORIGIN: RUNTIME,
  DISCO_PREVIEW_ORIGIN: "https://p{port}.disco.example",
  DISCO_SECRET: SECRET,
  GITHUB_CLIENT_ID: "id",
  GITHUB_CLIENT_SECRET: "secret",
  // Nobody answers there: what is refused is refused before anybody is asked what was allowed.
  UPSTASH_REDIS_REST_URL: "http://127.0.0.1:9",
  UPSTASH_REDIS_REST_TOKEN: "token",
};
const app = createApp();
// The log of requests.
vi.spyOn(console, "log").mockImplementation(() => {});

async function ask(url: string): Promise<object> {
  const claims = { sub: "ada", container: `c_${"0".repeat(32)}`, sid: `b_${"0".repeat(32)}` };
  const request = new Request(`${RUNTIME}/__disco/egress/`, {
    method: "POST",
    headers: {
      Origin: RUNTIME,
      "Sec-Fetch-Site": "same-origin",
      "Sec-Fetch-Dest": "empty",
      Authorization: `Bearer ${await mintToken(realm, "egress", claims)}`,
    },
    body: writeHead({ method: "GET", url, headers: [], bodyBytes: 0 }),
  });
  const answer = await app.fetch(request, variables);
  return (await answer.json()) as object;
}

it.each([
  ["http://host.disco.internal:80/", /local mode only/],
  ["http://host.disco.internal:11434/", /local mode only/],
  ["https://disco.example/mcp", /own hosts/],
  ["https://rt.disco.example/__disco/egress/", /own hosts/],
  ["https://p3000.disco.example/", /own hosts/],
])("a deployment never reaches %s", async (url, words) => {
  expect(await ask(url)).toMatchObject({
    code: "network_refused",
    detail: expect.stringMatching(words),
  });
});

it("a deployment reaches nothing while its store cannot say what was allowed", async () => {
  expect(await ask("https://api.example.com/")).toMatchObject({ code: "store_unavailable" });
});
