import { describe, expect, it } from "vitest";
import { errorCatalogue, errorCodes } from "#protocol/error-catalogue.ts";
import { DiscoError, ErrorBody, describeError } from "#protocol/errors.ts";

describe("the catalogue", () => {
  it.each(errorCodes)("%s tells a status, a title and what to do next", (code) => {
    const kind = errorCatalogue[code];
    expect(kind.status).toBeGreaterThanOrEqual(400);
    expect(kind.status).toBeLessThan(600);
    expect(kind.title).not.toMatch(/\.$/);
    expect(kind.next).toMatch(/^[A-Z].*\.$/);
  });

  it("never calls a caller's own mistake retryable", () => {
    const wrong = errorCodes.filter((code) => {
      const { status, retryable } = errorCatalogue[code];
      return retryable && status < 500 && status !== 429;
    });
    expect(wrong).toEqual([]);
  });
});

describe("DiscoError", () => {
  it("crosses the wire without loss", () => {
    const error = new DiscoError("file_not_found", "There is no a.txt.", {
      details: { path: "a.txt" },
    });
    const body = ErrorBody.parse(JSON.parse(JSON.stringify(error.toBody())));
    const copy = DiscoError.fromBody(body);
    expect(copy.toBody()).toEqual(error.toBody());
    expect(copy.kind.status).toBe(404);
  });

  it("hides the text of what is not ours", () => {
    const secret = new Error("token=abc");
    const error = DiscoError.from(secret);
    expect(error.code).toBe("internal");
    expect(JSON.stringify(error.toBody())).not.toContain("abc");
    expect(error.cause).toBe(secret);
  });

  it("passes itself on unchanged", () => {
    const error = new DiscoError("cancelled", "Stopped.");
    expect(DiscoError.from(error)).toBe(error);
  });
});

describe("describeError", () => {
  it("reads as code, what happened and what to do next", () => {
    expect(describeError({ code: "file_not_found", message: "There is no a.txt" })).toBe(
      "file_not_found: There is no a.txt. Next: Call list_files to see what exists.",
    );
  });

  it("does not double the punctuation", () => {
    expect(describeError({ code: "internal", message: "Why?" })).toMatch(/^internal: Why\? Next:/);
  });
});
