import { describe, expect, it } from "vitest";
import {
  isAcceptableRedirect,
  isLoopbackRedirect,
  isRegisteredRedirect,
} from "#worker/identity/oauth/redirect-uri.ts";
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
      "https://a,b.evil.example/callback",
      "https://x;script-src/",
      "https://x;script-src",
      "https://*/",
      "https://*.example/callback",
      "https://a'b.example/",
      'https://a"b.example/',
      "https://a_b.example/",
    ]) {
      expect(isRegisteredRedirect(uri, [uri]), uri).toBe(false);
    }
  });
});

describe("isAcceptableRedirect", () => {
  it("takes hosts by name, by number and with a port", () => {
    for (const uri of [
      "https://client.example/callback",
      "https://xn--bcher-kva.example:8443/a,b;c*'",
      "https://203.0.113.9/",
      "https://[2001:db8::1]:8443/callback",
      "https://client.example",
    ]) {
      expect(isAcceptableRedirect(uri), uri).toBe(true);
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
