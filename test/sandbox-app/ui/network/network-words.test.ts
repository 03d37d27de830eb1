import { describe, expect, it } from "vitest";
import type { Wish } from "#sandbox/tab/page-api.ts";
import {
  announcement,
  grantFacts,
  isCovered,
  shownHost,
  wishFacts,
} from "#sandbox/ui/network/network-words.ts";
import { mergeWishes } from "#sandbox/ui/network/wishes.ts";

const wish = (host: string, count = 1): Wish => ({ host, pid: 7, program: "node x.js", count });
const use = (host: string, lastAt: number) => ({
  host,
  requests: 1_000,
  bytesSent: 1_024,
  bytesReceived: 0,
  lastAt,
});

describe("the words for hosts", () => {
  it.each([
    ["https://api.example.com", null],
    ["http://api.example.com", "not encrypted"],
    ["https://*.example.com", "every host below example.com"],
    ["http://host.disco.internal:80", "a program on this machine"],
  ])("%s: %s", (host, note) => {
    expect(shownHost(host).note).toBe(note);
  });

  it("say who asks, and how often", () => {
    expect(wishFacts(wish("https://a.example"))).toEqual(["pid 7", "asked once"]);
    expect(wishFacts(wish("https://a.example", 3))[1]).toBe("asked 3 times");
  });

  it("sum what was done with all hosts that a grant covers", () => {
    const grant = { host: "https://*.example.com", since: 0 };
    const uses = [
      use("https://a.example.com", 50_000),
      use("https://b.example.com", 55_000),
      use("https://other.example", 59_000),
    ];
    expect(grantFacts(grant, uses, 60_000)).toEqual([
      "allowed 1 min ago",
      "used 5 s ago",
      "2,000 requests",
      "2.0 KB sent",
      "0 B received",
    ]);
    expect(grantFacts(grant, [], 60_000)).toEqual(["allowed 1 min ago", "not used in this visit"]);
  });

  it("announce one by its name and several by their number", () => {
    expect(announcement([])).toBe("");
    expect(announcement([wish("https://a.example")])).toMatch(/to https:\/\/a\.example\.$/);
    expect(announcement([wish("https://a.example"), wish("https://b.example")])).toMatch(/2 hosts/);
  });
});

describe("wishes as they are shown", () => {
  it("keep their places, whatever order they are told in", () => {
    const shown = mergeWishes([], [wish("https://a.example"), wish("https://b.example")], []);
    const told = [wish("https://c.example"), wish("https://b.example", 5)];
    expect(mergeWishes(shown, told, []).map(({ host, count }) => [host, count])).toEqual([
      ["https://a.example", 1],
      ["https://b.example", 5],
      ["https://c.example", 1],
    ]);
  });

  it("go when they have come true", () => {
    const grants = [{ host: "https://*.a.example", since: 0 }];
    expect(isCovered("https://x.a.example", grants)).toBe(true);
    const shown = [wish("https://x.a.example"), wish("https://b.example")];
    expect(mergeWishes(shown, [], grants).map(({ host }) => host)).toEqual(["https://b.example"]);
  });

  it("are not more than can be read", () => {
    const many = Array.from({ length: 100 }, (_, index) => wish(`https://h${index}.example`));
    const shown = mergeWishes([], many, []);
    expect(shown).toHaveLength(32);
    expect(mergeWishes(shown, [wish("https://late.example")], [])).toEqual(shown);
  });
});
