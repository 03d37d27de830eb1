import { describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { challengeFor } from "#worker/identity/challenge.ts";

describe("challengeFor (RFC 6750, section 3)", () => {
  const without = new Headers();
  const withToken = new Headers({ Authorization: "Bearer x" });

  it("names no error when no credentials came", () => {
    const error = new DiscoError("unauthenticated", "None.");
    expect(challengeFor(error, without, undefined)).toBe('Bearer realm="disco"');
    expect(challengeFor(error, without, "https://disco.example")).toBe(
      'Bearer realm="disco", ' +
        'resource_metadata="https://disco.example/.well-known/oauth-protected-resource/mcp"',
    );
  });

  it("names the error of a bad token, and the scope that is missing", () => {
    const bad = new DiscoError("unauthenticated", "The token has expired.");
    expect(challengeFor(bad, withToken, undefined)).toBe(
      'Bearer realm="disco", error="invalid_token", error_description="The token has expired."',
    );
    const narrow = new DiscoError("insufficient_scope", "No.", {
      details: { scope: "files:read" },
    });
    expect(challengeFor(narrow, withToken, undefined)).toBe(
      'Bearer realm="disco", error="insufficient_scope", scope="files:read"',
    );
  });

  it("challenges for no other error", () => {
    expect(challengeFor(new DiscoError("internal", "Oops."), withToken, undefined)).toBeNull();
  });
});
