import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { insertScript } from "#sandbox/preview/html/insert-script.ts";
import { streamOf, textOf } from "./tcp-duplex.ts";

const cut = (text: string, size: number) => text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
const insert = (...parts: string[]) => textOf(streamOf(...parts).pipeThrough(insertScript("<S>")));

describe("insertScript", () => {
  it.each([
    [
      "<!doctype html><html><head><title>x</title></head>",
      "<!doctype html><html><head><S><title>x</title></head>",
    ],
    [
      "<!DOCTYPE html>\n<HTML lang=en>\n <HEAD data-a='>'>\n<p>",
      "<!DOCTYPE html>\n<HTML lang=en>\n <HEAD data-a='>'><S>\n<p>",
    ],
    ["<!-- <head> --><head>", "<!-- <head> --><head><S>"],
    ["<html><body><p>no head", "<html><S><body><p>no head"],
    ["<!doctype html><header>not a head</header>", "<!doctype html><S><header>not a head</header>"],
    ["just text <head>", "<S>just text <head>"],
    ["\u00ef\u00bb\u00bf<!doctype html><head>", "\u00ef\u00bb\u00bf<!doctype html><head><S>"],
    ["<?xml version='1.0'?><html><head/>", "<?xml version='1.0'?><html><head/><S>"],
    ["<html data-x=it's><head>", "<html data-x=it's><head><S>"],
    ["", "<S>"],
    ["<!doctype html>", "<!doctype html><S>"],
    ["<hea", "<S><hea"],
  ])("turns %s into %s, however it is cut", async (text, expected) => {
    const wanted = expected.replace("\u00ef\u00bb\u00bf", "\ufeff");
    const given = text.replace("\u00ef\u00bb\u00bf", "\ufeff");
    expect(await insert(given)).toBe(wanted);
    for (const size of [1, 3, 7]) expect(await insert(...cut(given, size))).toBe(wanted);
  });

  it("changes nothing but one place of any document", async () => {
    const piece = fc.constantFrom(
      "<!doctype html>",
      "<html>",
      "<head>",
      "<!--",
      "-->",
      "<",
      ">",
      "é",
      " ",
      "<body>",
      '"',
      "=",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (pieces, size) => {
          const text = pieces.join("");
          const result = await insert(...cut(text, size));
          expect(result.split("<S>")).toHaveLength(2);
          expect(result.replace("<S>", "")).toBe(text);
          expect(result).toBe(await insert(text));
        },
      ),
    );
  });

  it("gives up on a document whose first 64 KiB are one comment, and loses nothing", async () => {
    const text = `<!--${"x".repeat(70_000)}--><head>`;
    expect(await insert(...cut(text, 9_000))).toBe(text);
  });
});
