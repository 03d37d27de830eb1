import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { authorName, commitMessage, isBranchName, repositoryUrl } from "#protocol/git-names.ts";

function realGitTakes(name: string): boolean {
  try {
    execFileSync("git", ["check-ref-format", "--branch", name], { stdio: "ignore", cwd: "/" });
    return true;
  } catch {
    return false;
  }
}

describe("isBranchName", () => {
  const names =
    "main feature/x v1.2 ü-名 a{b ~x x~1 x^ x:y x?y x*y x[y x\\y x..y x@{y x//y /x x/ x. .x x/.y x.lock " +
    "x.lock/y -x --upload-pack=x a@b HEAD/x x- x/-y #x 'x $x x;y (x) x|y";
  it.each([...names.split(" "), "x y", "x\ty", "x\u007Fy"])(
    "judges %j as real git does",
    (name) => {
      expect(isBranchName(name)).toBe(realGitTakes(name));
    },
  );

  it.each(["", "@", "x\0y", "x\nrm", "\uD800"])("refuses %j", (name) => {
    expect(isBranchName(name)).toBe(false);
  });
});

describe("the URL of a repository", () => {
  it.each([
    "https://github.com/octocat/Hello-World.git",
    "https://git.example:8443/a/b",
    "http://host.disco.internal:3000/x.git",
  ])("may be %s", (url) => {
    expect(repositoryUrl.safeParse(url).success).toBe(true);
  });

  it.each([
    "git@github.com:octocat/Hello-World.git",
    "ssh://git@github.com/octocat/Hello-World.git",
    "https://name:token@github.com/octocat/Hello-World.git",
    "https://name@github.com/octocat/Hello-World.git",
    "https://github.com/x.git?y=1",
    "https://github.com/x.git#y",
    "https://github.com/x .git",
    "https:\\\\github.com\\x",
    "--upload-pack=touch x",
    "ext::sh -c x",
    "file:///home/user/workspace",
    "/home/user/workspace",
    "../x",
    "https://",
    "",
  ])("may not be %j", (url) => {
    const message = repositoryUrl.safeParse(url).error?.issues[0]?.message;
    expect(message).toMatch(/^wants an https:\/\/ URL without name and password/);
  });
});

describe("an author", () => {
  it.each(["Ada <ada@example.com>", "Ä. O'Neil-Müller (x) <a+b@c>"])("may be %s", (author) => {
    expect(authorName.safeParse(author).success).toBe(true);
  });

  it.each(["Ada", "<ada@example.com>", " <a@b>", "Ada <a b>", "Ada <a@b> x", "A\n<a@b> <c@d>", ""])(
    "may not be %j",
    (author) => {
      expect(authorName.safeParse(author).success).toBe(false);
    },
  );
});

it("a message says something, and holds no NUL", () => {
  expect(
    ["Add x", "- a\n- b", "--amend"].map((text) => commitMessage.safeParse(text).success),
  ).toEqual([true, true, true]);
  expect(["", " \n", "a\0b"].map((text) => commitMessage.safeParse(text).success)).toEqual([
    false,
    false,
    false,
  ]);
});
