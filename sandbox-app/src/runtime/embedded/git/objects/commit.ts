import { type Bytes, decode, encode } from "./bytes.ts";

/** Who did something, and when (seconds since the epoch, and the zone as `+0200`). */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly seconds: number;
  readonly zone: string;
}

export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export interface Tag {
  readonly object: string;
  readonly type: string;
  readonly name: string;
  readonly tagger: Signature | null;
  readonly message: string;
}

export function formatSignature({ name, email, seconds, zone }: Signature): string {
  return `${name} <${email}> ${seconds} ${zone}`;
}

function parseSignature(text: string): Signature {
  const [, name = "", email = "", seconds = "0", zone = "+0000"] =
    /^(.*?) ?<([^>]*)> (\d+) ([+-]\d+)/.exec(text) ?? [];
  return { name, email, seconds: Number(seconds), zone };
}

function split(content: Bytes): { headers: [string, string][]; message: string } {
  const text = decode(content);
  const end = text.indexOf("\n\n");
  const head = end === -1 ? text : text.slice(0, end);
  const headers = head
    // The lines of a signature go on behind a space.
    .replaceAll("\n ", " ")
    .split("\n")
    .map((line): [string, string] => {
      const space = line.indexOf(" ");
      return [line.slice(0, space), line.slice(space + 1)];
    });
  return { headers, message: end === -1 ? "" : text.slice(end + 2) };
}

export function parseCommit(oid: string, content: Bytes): Commit {
  const { headers, message } = split(content);
  const value = (name: string): string => headers.find(([key]) => key === name)?.[1] ?? "";
  return {
    oid,
    tree: value("tree"),
    parents: headers.filter(([key]) => key === "parent").map(([, parent]) => parent),
    author: parseSignature(value("author")),
    committer: parseSignature(value("committer")),
    message,
  };
}

export function formatCommit(commit: Omit<Commit, "oid">): Bytes {
  return encode(
    [
      `tree ${commit.tree}`,
      ...commit.parents.map((parent) => `parent ${parent}`),
      `author ${formatSignature(commit.author)}`,
      `committer ${formatSignature(commit.committer)}`,
      "",
      commit.message,
    ].join("\n"),
  );
}

export function parseTag(content: Bytes): Tag {
  const { headers, message } = split(content);
  const value = (name: string): string | undefined => headers.find(([key]) => key === name)?.[1];
  const tagger = value("tagger");
  return {
    object: value("object") ?? "",
    type: value("type") ?? "",
    name: value("tag") ?? "",
    tagger: tagger === undefined ? null : parseSignature(tagger),
    message,
  };
}

export function formatTag(tag: Tag): Bytes {
  const tagger = tag.tagger === null ? [] : [`tagger ${formatSignature(tag.tagger)}`];
  const head = [`object ${tag.object}`, `type ${tag.type}`, `tag ${tag.name}`, ...tagger];
  return encode(`${head.join("\n")}\n\n${tag.message}`);
}

/** First paragraph on one line, as git shows a commit's subject. */
export function subjectOf(message: string): string {
  const [paragraph = ""] = message.replace(/^\n+/, "").split(/\n\s*\n/);
  return paragraph
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd())
    .join(" ");
}

/** What follows the first paragraph. */
export function bodyOf(message: string): string {
  const text = message.replace(/^\n+/, "");
  const end = /\n[ \t]*\n/.exec(text);
  return end === null ? "" : text.slice(end.index + end[0].length).replace(/^\n+/, "");
}

/** What git makes of a message (git-stripspace(1)); with comments, their lines go as well. */
export function cleanMessage(message: string, comments: boolean): string {
  const lines = message.split("\n").map((line) => line.trimEnd());
  const kept = comments ? lines.filter((line) => !line.startsWith("#")) : lines;
  const text = kept
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .replaceAll(/^\n+|\n+$/g, "");
  return text === "" ? "" : `${text}\n`;
}
