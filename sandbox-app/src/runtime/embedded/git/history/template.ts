import { bodyOf, type Commit, type Signature, subjectOf } from "../objects/commit.ts";
import { formatDate } from "../repository/dates.ts";
import type { Repository } from "../repository/repository.ts";
import type { Pretty } from "./pretty.ts";

/** Fills in the placeholders of `--format` (git-log(1), "PRETTY FORMATS"). Colours come to nothing. */
export function fillTemplate(
  repository: Repository,
  commit: Commit,
  pretty: Pretty,
  decorations: string,
): string {
  const placeholder =
    /%(?:x([0-9a-fA-F]{2})|C\([^)]*\)|C(?:red|green|blue|reset)|([+ -]?)([ac][nNeElLdDrtiIsh]|[HhTtPpsbBfdDn%eNSm]|g[dDsnNeE]|G[?GSKFPT]|w\([^)]*\)))/g;
  return pretty.template.replaceAll(
    placeholder,
    (whole, hex: string | undefined, sign: string | undefined, name: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (name === undefined) return "";
      const value = valueOf(repository, commit, pretty, decorations, name);
      if (value === null) return whole;
      if (sign === "+" && value !== "") return `\n${value}`;
      return sign === " " && value !== "" ? ` ${value}` : value;
    },
  );
}

function valueOf(
  repository: Repository,
  commit: Commit,
  pretty: Pretty,
  decorations: string,
  name: string,
): string | null {
  const short = (oid: string): string => repository.objects.short(oid);
  const simple: Readonly<Record<string, () => string>> = {
    H: () => commit.oid,
    h: () => short(commit.oid),
    T: () => commit.tree,
    t: () => short(commit.tree),
    P: () => commit.parents.join(" "),
    p: () => commit.parents.map(short).join(" "),
    s: () => subjectOf(commit.message),
    b: () => bodyOf(commit.message),
    B: () => commit.message,
    f: () => fileName(subjectOf(commit.message)),
    d: () => decorations,
    D: () => decorations.replace(/^ \(|\)$/g, ""),
    n: () => "\n",
    "%": () => "%",
    m: () => ">",
  };
  const fill = simple[name];
  if (fill !== undefined) return fill();
  if (/^[ac]/.test(name)) {
    const signature = name.startsWith("a") ? commit.author : commit.committer;
    return ofPerson(signature, name.slice(1), pretty);
  }
  return name === "G?" ? "N" : "";
}

function ofPerson(signature: Signature, letter: string, { dates }: Pretty): string | null {
  switch (letter) {
    case "n":
    case "N":
      return signature.name;
    case "e":
    case "E":
      return signature.email;
    case "l":
    case "L":
      return signature.email.replace(/@.*$/, "");
    case "d":
      return formatDate(signature, dates);
    case "D":
      return formatDate(signature, "rfc");
    case "r":
      return formatDate(signature, "relative");
    case "t":
      return formatDate(signature, "unix");
    case "i":
      return formatDate(signature, "iso");
    case "I":
      return formatDate(signature, "iso-strict");
    case "s":
      return formatDate(signature, "short");
    default:
      return null;
  }
}

/** A subject as `format-patch` names a file by it. */
function fileName(subject: string): string {
  return subject
    .replaceAll(/[^A-Za-z0-9._]+/g, "-")
    .replaceAll(/\.{2,}/g, ".")
    .replaceAll(/^-|[-.]+$/g, "");
}
