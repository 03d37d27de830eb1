/** Which files of a project are published. */
export interface PathFilter {
  takes(path: string): boolean;
  /** False for directories that hold nothing to take. */
  enters(directory: string): boolean;
}

/** Always published, whatever `files` says (npm, package.json, "files"). */
const ALWAYS = /^(?:package\.json|(?:readme|licen[sc]e|copying)(?:\.[^/]*)?)$/i;
/** Never published. */
const NEVER =
  /(?:^|\/)(?:node_modules|\.git|\.svn|\.hg|CVS|\.DS_Store|\.npmrc|npm-debug\.log|\.[^/]*\.swp|\._[^/]*|[^/]*\.orig)(?:\/|$)|^(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|[^/]*\.tgz)$/;

/**
 * @param json the package.json; its `files` list what is published
 * @param ignore text of `.npmignore`, or of `.gitignore` where there is none
 */
export function packFilter(json: Readonly<Record<string, unknown>>, ignore: string): PathFilter {
  const listed = Array.isArray(json["files"])
    ? json["files"].filter((entry): entry is string => typeof entry === "string")
    : null;
  const named = new Set(
    [json["main"], json["browser"], ...binsOf(json["bin"])]
      .filter((path): path is string => typeof path === "string")
      .map((path) => path.replace(/^\.?\//, "")),
  );
  const included = listed?.map((entry) => rule(entry)) ?? null;
  const ignored = ignore
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => rule(line.trim()));
  return {
    enters: (directory) => !NEVER.test(directory),
    takes(path) {
      if (NEVER.test(path)) return false;
      if (ALWAYS.test(path) || named.has(path)) return true;
      return included === null ? !lastSays(ignored, path) : lastSays(included, path);
    },
  };
}

function binsOf(bin: unknown): unknown[] {
  return typeof bin === "object" && bin !== null ? Object.values(bin) : [bin];
}

interface Rule {
  readonly pattern: RegExp;
  readonly negated: boolean;
}

/** Later rules win, as in a `.gitignore` (gitignore(5)). */
function lastSays(rules: readonly Rule[], path: string): boolean {
  return rules.reduce(
    (said, { pattern, negated }) => (pattern.test(path) ? !negated : said),
    false,
  );
}

/** A pattern covers what it names and everything below; without a slash, at any depth. */
function rule(text: string): Rule {
  const negated = text.startsWith("!");
  const body = text.replace(/^!/, "").replace(/^\.\//, "");
  const isAnchored = body.replace(/\/$/, "").includes("/");
  const source = body
    .replace(/^\//, "")
    .replace(/\/$/, "")
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) => {
      if (part === "**/") return "(?:.*/)?";
      if (part === "**") return ".*";
      if (part === "*") return "[^/]*";
      if (part === "?") return "[^/]";
      return part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  return { negated, pattern: new RegExp(`^${isAnchored ? "" : "(?:.*/)?"}${source}(?:/.*)?$`) };
}
