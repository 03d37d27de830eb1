import { describe, expect, it } from "vitest";
import { parseConfig } from "#worker/config.ts";
import { outgoingUrl, readTarget, type Self } from "#worker/egress/target.ts";
import { resolveOrigins } from "#worker/http/origins.ts";

const deployed = {
  DISCO_ORIGIN: "https://disco.example.com",
  DISCO_RUNTIME_ORIGIN: "https://rt.disco.example.com",
  DISCO_PREVIEW_ORIGIN: "https://p{port}.disco.example.com",
  DISCO_SECRET: "a-secret-of-the-tests-with-more-than-32-bytes",
  GITHUB_CLIENT_ID: "id",
  GITHUB_CLIENT_SECRET: "secret",
  UPSTASH_REDIS_REST_URL: "https://redis.example.com",
  UPSTASH_REDIS_REST_TOKEN: "token",
};
const local = {
  DISCO_LOCAL_SECRET: "a-secret-of-the-tests-with-more-than-32-bytes",
  DISCO_LOCAL_PORT: "8787",
  DISCO_LOCAL_PORTS: "8787,8788",
};

function self(variables: Record<string, string>, asked: string): Self {
  const config = parseConfig(variables);
  if (config.mode === "unconfigured") throw new Error(JSON.stringify(config));
  const origins = resolveOrigins(config, new URL(asked));
  if (origins === null) throw new Error("not served");
  return { config, origins };
}

const atTheEdge = self(deployed, "https://rt.disco.example.com/__disco/egress/");
const here = self(local, "http://localhost:8788/__disco/egress/");

describe("a deployment", () => {
  it.each([
    "https://disco.example.com/mcp",
    "https://disco.example.com:8443/",
    "http://rt.disco.example.com/",
    "https://p3000.disco.example.com/",
  ])("is not reached by its own programs: %s", (url) => {
    expect(() => readTarget(url, atTheEdge)).toThrow(/own hosts/);
  });

  it("has no machine of its own behind it", () => {
    expect(() => readTarget("http://host.disco.internal:80/", atTheEdge)).toThrow(/local mode/);
  });

  it("lets its programs ask for every other host", () => {
    expect(readTarget("https://api.example.com/", atTheEdge)).toEqual({
      scheme: "https",
      host: "api.example.com",
      port: 443,
    });
  });
});

describe("local mode", () => {
  it("reaches this machine's programs, and on none of the ports that are Disco's", () => {
    expect(readTarget("http://host.disco.internal:11434/", here).port).toBe(11_434);
    for (const port of [8_787, 8_788]) {
      expect(() => readTarget(`http://host.disco.internal:${port}/`, here)).toThrow(/own hosts/);
    }
  });

  it("asks for them on the loopback, and for others by their name", () => {
    expect(outgoingUrl("http://host.disco.internal:11434/api?a=b#c")).toBe(
      "http://localhost:11434/api?a=b",
    );
    expect(outgoingUrl("https://api.example.com/")).toBe("https://api.example.com/");
  });
});
