import { describe, expect, it } from "vitest";
import { isLoopbackRedirect, isRegisteredRedirect } from "#worker/identity/oauth/redirect-uri.ts";
import { redirectVariants } from "#test/support/redirect-variants.ts";

const registered = [
  "https://client.example/callback",
  "http://127.0.0.1:3000/callback",
  "http://localhost/cb?x=1",
  "http://[::1]:9/",
];

describe("isRegisteredRedirect", () => {
  it("takes what was registered, and on loopback any port", () => {
    for (const uri of [
      ...registered,
      "http://127.0.0.1/callback",
      "http://127.0.0.1:65535/callback",
      "http://localhost:8080/cb?x=1",
      "http://[::1]/",
    ]) {
      expect(isRegisteredRedirect(uri, registered), uri).toBe(true);
    }
  });

  it.each(redirectVariants)("refuses %j", (uri) => {
    expect(isRegisteredRedirect(uri, registered)).toBe(false);
  });

  it("never takes what no client may register, even when it is registered", () => {
    for (const uri of [
      "http://client.example/callback",
      "javascript:alert(1)",
      "data:text/html,hi",
      "https://ada@client.example/callback",
      "https://client.example/callback#fragment",
      "https:client.example/callback",
      "com.example.app:/callback",
    ]) {
      expect(isRegisteredRedirect(uri, [uri]), uri).toBe(false);
    }
  });
});

describe("isLoopbackRedirect", () => {
  it("knows a program on this machine from a site with such a name", () => {
    expect(isLoopbackRedirect("http://localhost:1/")).toBe(true);
    for (const uri of [
      "https://localhost.example/",
      "http://127.0.0.1.example/",
      "http://localhost@evil.example/",
      "https://client.example/localhost",
    ]) {
      expect(isLoopbackRedirect(uri), uri).toBe(false);
    }
  });
});
