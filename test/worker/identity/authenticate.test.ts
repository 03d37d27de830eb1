import { describe, expect, it } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { bearerOf } from "#worker/identity/authenticate.ts";

const headers = (Authorization: string) => new Headers({ Authorization });

describe("bearerOf", () => {
  it.each(["Bearer", "bearer", "BEARER"])("takes the scheme as %s (RFC 9110, 11.1)", (scheme) => {
    expect(bearerOf(headers(`${scheme} abc.def-ghi_~+/=`))).toBe("abc.def-ghi_~+/=");
  });

  it.each([
    "",
    "Bearer",
    "Bearer ",
    "Basic abc",
    "Bearer a b",
    "Bearer <x>",
    "Bearer good, Bearer evil",
    "Bearer good,evil",
    "Basic abc, Bearer good",
  ])("refuses the header %j", (value) => {
    expect(() => bearerOf(headers(value))).toThrow(DiscoError);
  });

  it("refuses two headers, whichever is the better one", () => {
    const two = headers("Bearer good");
    two.append("Authorization", "Bearer evil");
    expect(() => bearerOf(two)).toThrow("holds no bearer token");
    expect(() => bearerOf(new Headers({ Cookie: "Authorization=Bearer good" }))).toThrow("has no");
  });
});
