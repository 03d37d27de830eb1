import { describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { authenticate, challengeFor } from "#worker/identity/authenticate.ts";
import { mintLocalToken } from "#worker/identity/tokens.ts";

const secret = "a secret of thirty-two bytes or more";

describe("authenticate", () => {
  it.each(["Bearer", "bearer", "BEARER"])(
    "takes the scheme as %s (RFC 9110, 11.1)",
    async (scheme) => {
      const Authorization = `${scheme} ${await mintLocalToken(secret, "curl")}`;
      expect(await authenticate(new Headers({ Authorization }), secret)).toMatchObject({
        user: "local",
        client: { id: "local", name: "curl" },
      });
    },
  );

  it.each(["", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearer <x>"])(
    "refuses the header %j",
    async (Authorization) => {
      const headers = new Headers({ Authorization });
      await expect(authenticate(headers, secret)).rejects.toMatchObject({
        code: "unauthenticated",
      });
    },
  );
});

describe("challengeFor (RFC 6750, section 3)", () => {
  const without = new Headers();
  const withToken = new Headers({ Authorization: "Bearer x" });

  it("names no error when no credentials came", () => {
    const error = new DiscoError("unauthenticated", "None.");
    expect(challengeFor(error, without)).toBe('Bearer realm="disco"');
  });

  it("names the error of a bad token, and the scope that is missing", () => {
    const bad = new DiscoError("unauthenticated", "The token has expired.");
    expect(challengeFor(bad, withToken)).toBe(
      'Bearer realm="disco", error="invalid_token", error_description="The token has expired."',
    );
    const narrow = new DiscoError("insufficient_scope", "No.", {
      details: { scope: "files:read" },
    });
    expect(challengeFor(narrow, withToken)).toBe(
      'Bearer realm="disco", error="insufficient_scope", scope="files:read"',
    );
  });

  it("challenges for no other error", () => {
    expect(challengeFor(new DiscoError("internal", "Oops."), withToken)).toBeNull();
  });
});
