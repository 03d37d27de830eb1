import { describe } from "vitest";
import { gitCloneContract } from "#test/contract/git-clone.ts";
import { gitExchangeContract } from "#test/contract/git-exchange.ts";
import { bootRealGit } from "#test/support/git-runtimes.ts";
import type { GitRemotes } from "#test/support/git-scene.ts";
import { GitServer } from "#test/support/git-server.ts";

/** The real git, which goes straight to the server: what the operations ask of git, and read from it. */
async function realGit(): Promise<GitRemotes> {
  const server = await GitServer.start();
  return {
    server,
    boot: () => bootRealGit(),
    url: (name) => server.local(name),
    allow: () => Promise.resolve(),
    unreachable: () => Promise.resolve("http://localhost:1/x.git"),
    close: () => server.close(),
  };
}

describe("with real git", () => {
  gitCloneContract(realGit);
  gitExchangeContract(realGit);
});
