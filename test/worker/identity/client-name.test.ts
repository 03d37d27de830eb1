import { describe, expect, it } from "vitest";
import { CLIENT_NAME_MAX_CHARS } from "#protocol/limits.ts";
import { testPrincipal } from "#test/support/principal.ts";
import { shownClientName } from "#worker/identity/client-name.ts";

const principal = testPrincipal({ client: { id: "c", name: "token name" } });
const shown = (name: string | undefined) => shownClientName(name, principal);

describe("shownClientName", () => {
  it("prefers what the client says", () => {
    expect(shown("Claude")).toBe("Claude");
    expect(shown(undefined)).toBe("token name");
    expect(shown(" \u0000\u200b ")).toBe("token name");
    expect(shownClientName("", { ...principal, client: { id: "c", name: "\n" } })).toBe(
      "unnamed client",
    );
  });

  it("removes what would disguise it", () => {
    expect(shown("Cla\u202eude\u001b[31m\nX\u2066")).toBe("Cla ude [31m X");
    expect(shown("half \ud83d")).toBe("half");
  });

  it("is never longer than the frames allow", () => {
    expect(shown("x".repeat(500))).toHaveLength(CLIENT_NAME_MAX_CHARS);
    expect(shown("😀".repeat(100)).length).toBeLessThanOrEqual(CLIENT_NAME_MAX_CHARS);
  });
});
