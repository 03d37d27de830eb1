import { fatal } from "../cli/failure.ts";
import { type Commit, type Signature, subjectOf } from "../objects/commit.ts";
import { type DateStyle, formatDate } from "../repository/dates.ts";
import type { Repository } from "../repository/repository.ts";
import { fillTemplate } from "./template.ts";

/** How a commit is shown: one of git's forms, or a template of the caller's. */
export interface Pretty {
  readonly name: "oneline" | "short" | "medium" | "full" | "fuller" | "raw" | "template";
  readonly template: string;
  /** A newline between commits (`format:`) and not behind each (`tformat:`). */
  readonly isSeparated: boolean;
  readonly dates: DateStyle;
  readonly isShort: boolean;
}

const names = ["oneline", "short", "medium", "full", "fuller", "raw"] as const;
const dateStyles: Readonly<Record<string, DateStyle>> = {
  default: "default",
  local: "default",
  iso: "iso",
  iso8601: "iso",
  "iso-strict": "iso-strict",
  "iso8601-strict": "iso-strict",
  short: "short",
  rfc: "rfc",
  rfc2822: "rfc",
  raw: "raw",
  unix: "unix",
  relative: "relative",
  human: "default",
};

/** @throws GitFailure for a form or a style of dates that git does not know */
export function prettyOf(
  said: string | undefined,
  date: string | undefined,
  isShort: boolean,
): Pretty {
  const dates = dateStyles[date ?? "default"];
  if (dates === undefined) throw fatal(`unknown date format ${date}`);
  const form = said ?? "medium";
  const isSeparated = form.startsWith("format:");
  const template = /^t?format:(.*)$/s.exec(form)?.[1] ?? (form.includes("%") ? form : undefined);
  if (template !== undefined) return { name: "template", template, isSeparated, dates, isShort };
  const name = names.find((one) => one === form);
  if (name === undefined) throw fatal(`invalid --pretty format: ${form}`);
  return { name, template: "", isSeparated: name !== "oneline", dates, isShort };
}

/** @param decorations what stands behind the name: ` (HEAD -> main)`, or nothing */
export function formatCommitText(
  repository: Repository,
  commit: Commit,
  pretty: Pretty,
  decorations: string,
): string {
  const { objects } = repository;
  const name = pretty.isShort ? objects.short(commit.oid) : commit.oid;
  if (pretty.name === "template") return fillTemplate(repository, commit, pretty, decorations);
  if (pretty.name === "oneline") return `${name}${decorations} ${subjectOf(commit.message)}`;
  return `commit ${name}${decorations}\n${headers(repository, commit, pretty)}\n${message(commit, pretty)}`;
}

function headers(repository: Repository, commit: Commit, { name, dates }: Pretty): string {
  const { author, committer, parents } = commit;
  const who = ({ name: person, email }: Signature): string => `${person} <${email}>`;
  if (name === "raw") {
    const raw = (one: Signature): string => `${who(one)} ${one.seconds} ${one.zone}`;
    const above = parents.map((parent) => `parent ${parent}\n`).join("");
    return `tree ${commit.tree}\n${above}author ${raw(author)}\ncommitter ${raw(committer)}\n`;
  }
  const merge =
    parents.length > 1
      ? `Merge: ${parents.map((parent) => repository.objects.short(parent)).join(" ")}\n`
      : "";
  switch (name) {
    case "short":
      return `${merge}Author: ${who(author)}\n`;
    case "full":
      return `${merge}Author: ${who(author)}\nCommit: ${who(committer)}\n`;
    case "fuller":
      return (
        `${merge}Author:     ${who(author)}\nAuthorDate: ${formatDate(author, dates)}\n` +
        `Commit:     ${who(committer)}\nCommitDate: ${formatDate(committer, dates)}\n`
      );
    case "medium":
    case "oneline":
    case "template":
      return `${merge}Author: ${who(author)}\nDate:   ${formatDate(author, dates)}\n`;
  }
}

function message({ message: text }: Commit, { name }: Pretty): string {
  const indented = (lines: string): string =>
    lines
      .split("\n")
      .map((line) => (line === "" && name !== "short" ? "    " : `    ${line}`))
      .join("\n");
  if (name === "short") return `${indented(subjectOf(text))}\n`;
  const trimmed = text.replace(/^\n+/, "").replace(/\s+$/, "");
  if (trimmed === "") return "";
  return `${indented(trimmed)}\n`.replaceAll(/^ {4}$/gm, "    ");
}
