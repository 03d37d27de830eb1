import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { EmbeddedRuntime } from "#sandbox/runtime/embedded/kernel/embedded-runtime.ts";
import { WORKSPACE } from "#sandbox/runtime/embedded/kernel/layout.ts";
import { gitCloneContract } from "#test/contract/git-clone.ts";
import { gitExchangeContract } from "#test/contract/git-exchange.ts";
import { GitCalls } from "#test/support/git-calls.ts";
import { GitRig } from "#test/support/git-rig.ts";
import { fixedIdentity, withEnvironment } from "#test/support/git-runtimes.ts";
import type { GitRemotes } from "#test/support/git-scene.ts";

/** One kernel serves all tests; each begins with an empty workspace. */
function emptyWorkspace({ kernel }: GitRig): Runtime {
  for (const { name } of kernel.files.list(WORKSPACE)) {
    kernel.files.remove(`${WORKSPACE}/${name}`, { recursive: true });
  }
  const runtime = new EmbeddedRuntime(kernel.kernel, { dispose: () => {} });
  runtime.dispose = () => Promise.resolve();
  return withEnvironment(runtime, fixedIdentity);
}

/** The container's git, which goes through the kernel and the worker's proxy to the server. */
async function containerGit(): Promise<GitRemotes> {
  const rig = await GitRig.start();
  const { server } = rig;
  return {
    server,
    boot: () => Promise.resolve(emptyWorkspace(rig)),
    url: (name) => server.url(name),
    allow: (name) => rig.allow(name, "push"),
    unreachable: async () => {
      const repository = "http://host.disco.internal:1/x.git";
      const allowed = { repository, access: "read", branches: null };
      await (await rig.page("POST", "/repositories", allowed)).text();
      return repository;
    },
    close: () => rig.close(),
  };
}

describe("with the container's git", () => {
  gitCloneContract(containerGit);
  gitExchangeContract(containerGit);
});

describe("what the person has not allowed", () => {
  let rig: GitRig;
  let git: GitCalls;
  beforeAll(async () => {
    rig = await GitRig.start();
    git = new GitCalls(emptyWorkspace(rig));
    await rig.server.create("guarded.git");
  });
  afterAll(() => rig.close());

  it("is not cloned, and the error says who allows it, and where", async () => {
    const clone = git.call("git_clone", { url: rig.server.url("guarded.git"), directory: "." });
    await expect(clone).rejects.toMatchObject({
      code: "network_not_granted",
      kind: { next: expect.stringContaining("in the sandbox page under Network") as string },
      details: { reason: "host_not_allowed" },
    });
    expect(await git.runtime.files.list(WORKSPACE)).toEqual([]);
  });

  it("is read and not pushed, or pushed to some branches only", async () => {
    await rig.allow("guarded.git", "read");
    await git.call("git_clone", { url: rig.server.url("guarded.git"), directory: "." });
    await git.write("a.txt", "one\n");
    await git.call("git_commit", { message: "First" });
    const refused = {
      code: "push_not_granted",
      kind: { next: expect.stringContaining("in the sandbox page under Network") as string },
    };
    await expect(git.call("git_push", {})).rejects.toMatchObject(refused);
    await rig.allow("guarded.git", "push", "disco/*");
    await expect(git.call("git_push", {})).rejects.toMatchObject(refused);
    await git.git("switch", "-qc", "disco/first");
    expect(await git.call("git_push", {})).toMatchObject({ pushed: true, branch: "disco/first" });
    expect(await rig.server.git("guarded.git", "branch")).toBe("  disco/first\n");
  });

  it("is a host that asks for credentials which nobody has given", async () => {
    rig.server.credential = "me:token";
    await expect(git.call("git_pull", {})).rejects.toMatchObject({
      code: "git_auth_required",
      kind: { next: expect.stringContaining("add credentials") as string },
    });
    rig.server.credential = null;
  });
});
