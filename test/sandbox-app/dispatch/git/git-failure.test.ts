import { describe, expect, it } from "vitest";
import { gitFailure } from "#sandbox/dispatch/git/git-failure.ts";
import { reasons } from "#sandbox/runtime/embedded/git/remote/reasons.ts";

const failed = (stderr: string, stdout = "") => gitFailure("git x", { stdout, stderr });

describe("why git failed", () => {
  it("is told by the last line of the container's git, whatever else it says", () => {
    const error = failed(
      "remote: disco: reason=too_large\nfatal: Authentication failed for 'https://h/x/'\n" +
        "disco: reason=push_not_granted\n",
    );
    expect(error).toMatchObject({
      code: "push_not_granted",
      message:
        "git x: remote: disco: reason=too_large\nfatal: Authentication failed for 'https://h/x/'",
      details: { reason: "push_not_granted" },
    });
  });

  it.each(reasons.filter((reason) => reason !== "remote_misbehaved"))(
    "has a code for %s",
    (reason) => {
      expect(failed(`fatal: no\ndisco: reason=${reason}\n`).code).not.toBe("git_refused");
    },
  );

  it.each([
    ["fatal: not a git repository (or any of the parent directories): .git", "not_a_repository"],
    [
      "fatal: could not read Username for 'https://h': terminal prompts disabled",
      "git_auth_required",
    ],
    [
      "remote: Repository not found.\nfatal: repository 'https://h/x/' not found",
      "repository_not_found",
    ],
    ["fatal: repository '/none' does not exist", "repository_not_found"],
    ["error: failed to push\n ! [rejected] main -> main (non-fast-forward)", "git_rejected"],
    ["fatal: You have not concluded your merge (MERGE_HEAD exists).", "git_conflict"],
    ["fatal: unable to access 'https://h/': Could not resolve host: h", "network_unavailable"],
    ["fatal: write error: No space left on device", "storage_full"],
    ["fatal: refusing to merge unrelated histories", "git_refused"],
    ["", "git_refused"],
  ])("is read from git's own words: %s", (stderr, code) => {
    expect(failed(stderr)).toMatchObject({ code, details: {} });
  });

  it("is told without progress, advice and credentials", () => {
    const stderr =
      "Cloning into '/home/user/workspace/x'...\nReceiving objects:  50% (1/2)\rReceiving objects: 100% " +
      "(2/2)\nhint: Use force\nfatal: unable to access 'https://me:secret@h/x/': no\n";
    expect(failed(stderr).message).toBe("git x: fatal: unable to access 'https://h/x/': no");
    expect(failed("").message).toBe("git x: it does not say why");
    expect(failed("", "said on stdout\n").message).toBe("git x: said on stdout");
  });

  it("is told by the end of what is long", () => {
    const { message } = failed(`${"x".repeat(90)}\n`.repeat(1_000) + "fatal: the reason\n");
    expect(message.length).toBeLessThan(2_000);
    expect(message).toMatch(/^git x: … .*fatal: the reason$/s);
  });
});
