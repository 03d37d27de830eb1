import { describe, expect, it } from "vitest";
import { parseRule } from "#protocol/egress-rule.ts";
import { parseGitRequest } from "#protocol/git-request.ts";
import { permissionFor, requireUpdates } from "#worker/git/permission.ts";
import type { GitGrant } from "#worker/store/git-grants.ts";

const UPDATE = { from: "0".repeat(40), to: "1".repeat(40) };
const grant = (repository: string, access: "read" | "push", branches: string | null = null) =>
  ({ repository, access, branches, since: 1, by: "ada" }) satisfies GitGrant;

/** What a deployment decides, whose hosts no test can reach. */
async function kindOf(url: string, options: { hosts?: string[]; grants?: GitGrant[] } = {}) {
  const method = url.includes("?") ? "GET" : "POST";
  const parsed = parseGitRequest(method, url, false);
  if (!parsed.ok) return parsed.problem;
  const rules = (options.hosts ?? []).map((host) => {
    const rule = parseRule(host, false);
    if (!rule.ok) throw new Error(rule.problem);
    return { rule: rule.value, since: 1, by: "ada" };
  });
  const permission = await permissionFor(
    {
      gitHosts: ["github.com"],
      hosts: { list: async () => rules } as never,
      repositories: { list: async () => options.grants ?? [] } as never,
    },
    "c_1",
    parsed.value,
  );
  return permission?.kind ?? null;
}

const READ = "https://github.com/owner/name.git/info/refs?service=git-upload-pack";
const PUSH = "https://github.com/owner/name.git/git-receive-pack";

describe("reading", () => {
  it("is open on the configured hosts, by https and on its port alone", async () => {
    expect(await kindOf(READ)).toBe("host");
    expect(await kindOf(READ.replace("github.com", "github.com:8443"))).toBe(null);
    expect(await kindOf(READ.replace("github.com", "github.com.evil.example"))).toBe(null);
    expect(await kindOf(READ.replace("github.com", "api.github.com"))).toBe(null);
    expect(await kindOf(READ.replace("https:", "http:"))).toMatch(/https only/);
  });

  it("of another host takes a grant of the host or of the repository", async () => {
    const url = READ.replace("github.com", "git.example.com");
    expect(await kindOf(url)).toBe(null);
    expect(await kindOf(url, { hosts: ["git.example.com"] })).toBe("host");
    expect(await kindOf(url, { hosts: ["*.example.com"] })).toBe("host");
    const grants = [grant("https://git.example.com/owner/name", "read")];
    expect(await kindOf(url, { grants })).toBe("repository");
    expect(await kindOf(url.replace("name", "other"), { grants })).toBe(null);
  });
});

describe("pushing", () => {
  it("takes the repository's own grant, wherever it is", async () => {
    const grants = [grant("https://github.com/owner/name", "push")];
    expect(await kindOf(PUSH)).toBe(null);
    expect(await kindOf(PUSH, { hosts: ["github.com"] })).toBe(null);
    const read = [grant("https://github.com/owner/name", "read")];
    expect(await kindOf(PUSH, { grants: read })).toBe(null);
    expect(await kindOf(PUSH, { grants })).toBe("repository");
    expect(await kindOf(PUSH.replace(".git", ""), { grants })).toBe("repository");
    for (const other of ["owner/names.git", "owner/name/more.git", "Owner/name.git"])
      expect(await kindOf(PUSH.replace("owner/name.git", other), { grants }), other).toBe(null);
  });

  it("may change what was granted and nothing beside it", () => {
    const limited = grant("https://github.com/owner/name", "push", "disco/*");
    expect(() => requireUpdates([{ ...UPDATE, ref: "refs/heads/disco/a" }], limited)).not.toThrow();
    const both = [
      { ...UPDATE, ref: "refs/heads/disco/a" },
      { ...UPDATE, ref: "refs/heads/main" },
    ];
    expect(() => requireUpdates(both, limited)).toThrow(/refs\/heads\/main .* may not be pushed/);
  });
});
