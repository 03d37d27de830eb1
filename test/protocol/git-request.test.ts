import { describe, expect, it } from "vitest";
import { mayUpdate, problemOfBranches } from "#protocol/git-grant.ts";
import { parseGitRequest, parseRepository } from "#protocol/git-request.ts";

const named = (text: string, local = false): string => {
  const parsed = parseRepository(text, local);
  return parsed.ok ? parsed.value.repository : parsed.problem;
};

describe("a repository's name", () => {
  it.each([
    ["https://github.com/owner/name", "https://github.com/owner/name"],
    ["https://GitHub.com/owner/name.git/", "https://github.com/owner/name"],
    ["https://git.example.com:8443/~ada/a+b@c.git", "https://git.example.com:8443/~ada/a+b@c"],
    ["https://example.com/a/b/../c.git", "https://example.com/a/c"],
    ["https://example.com/a/%2e%2e/c.git", "https://example.com/c"],
  ])("of %s", (text, repository) => {
    expect(named(text)).toBe(repository);
  });

  it.each([
    "https://github.com",
    "https://github.com/",
    "https://github.com/a//b",
    "https://github.com/a%2fb",
    "https://github.com/a b",
    "https://github.com/a\\b;c",
    "https://github.com/a?b",
    "https://github.com/a#b",
    "https://user@github.com/a/b",
    "http://github.com/a/b",
    "ssh://github.com/a/b",
    "git@github.com:a/b.git",
    "https://127.0.0.1/a/b",
    "https://router.local/a/b",
    "http://host.disco.internal:80/a",
    `https://github.com/${"a".repeat(600)}`,
  ])("is none in %s", (text) => {
    expect(parseRepository(text, false).ok).toBe(false);
  });

  it("of this machine is taken in local mode", () => {
    const url = "http://host.disco.internal:3000/a.git";
    expect(named(url, true)).toBe("http://host.disco.internal:3000/a");
  });
});

describe("a request of git", () => {
  it("is one of two questions about one of two services", () => {
    const base = "https://github.com/owner/name.git";
    const ask = (method: string, rest: string) => {
      const parsed = parseGitRequest(method, base + rest, false);
      return parsed.ok ? `${parsed.value.service} ${parsed.value.step}` : null;
    };
    expect(ask("GET", "/info/refs?service=git-upload-pack")).toBe("git-upload-pack refs");
    expect(ask("GET", "/info/refs?service=git-receive-pack")).toBe("git-receive-pack refs");
    expect(ask("POST", "/git-upload-pack")).toBe("git-upload-pack pack");
    expect(ask("POST", "/git-receive-pack")).toBe("git-receive-pack pack");
    for (const [method, rest] of [
      ["HEAD", "/info/refs?service=git-upload-pack"],
      ["GET", "/info/refs?service=git-upload-pack#x"],
      ["GET", "/info/refs?service=git-upload-pack-pack"],
      ["GET", "/info/refs?Service=git-upload-pack"],
      ["POST", "/git-upload-pack/"],
      ["POST", "/git-upload-pack?x"],
      ["DELETE", ""],
    ] as const)
      expect(ask(method, rest), `${method} ${rest}`).toBe(null);
  });
});

describe("what a push may change", () => {
  it("is branches and tags, or the branches that were named", () => {
    expect(mayUpdate("refs/heads/a", null)).toBe(true);
    expect(mayUpdate("refs/tags/a", null)).toBe(true);
    for (const ref of [
      "HEAD",
      "refs/heads/",
      "refs/notes/a",
      "refs/pull/1/head",
      "refs/meta/config",
    ])
      expect(mayUpdate(ref, null), ref).toBe(false);
    expect(mayUpdate("refs/heads/disco/a", "disco/*")).toBe(true);
    expect(mayUpdate("refs/heads/disco", "disco/*")).toBe(false);
    expect(mayUpdate("refs/tags/disco/a", "disco/*")).toBe(false);
    expect(mayUpdate("refs/heads/main", "main")).toBe(true);
    expect(mayUpdate("refs/heads/mains", "main")).toBe(false);
  });

  it("is named by branches that can be ones", () => {
    for (const branches of ["main", "disco/*", "a-b_c.d/e"])
      expect(problemOfBranches(branches)).toBe(null);
    for (const branches of ["", "*", "*main", "a*b", "-x", "../x", "a b", "/a", "a//b", "refs\n"])
      expect(problemOfBranches(branches), branches).not.toBe(null);
  });
});
