import { validateObject, validateString } from "../errors/validate.ts";
import { matchesGlob } from "./matches-glob.ts";

export interface ParsedPath {
  root: string;
  dir: string;
  base: string;
  ext: string;
  name: string;
}

/** Takes `.` and `..` out, as POSIX.1-2017 section 4.13 resolves them, without looking at links. */
function normalizeParts(path: string, absolute: boolean): string {
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!absolute) kept.push("..");
  }
  return kept.join("/");
}

/** `node:path` for POSIX. */
export function createPosixPath(cwd: () => string): Record<string, unknown> & { win32: unknown } {
  const resolve = (...parts: string[]): string => {
    let path = "";
    for (let index = parts.length - 1; index >= 0 && !path.startsWith("/"); index--) {
      const part: unknown = parts[index];
      validateString(part, `paths[${index}]`);
      if (part !== "") path = path === "" ? part : `${part}/${path}`;
    }
    if (!path.startsWith("/")) path = path === "" ? cwd() : `${cwd()}/${path}`;
    return `/${normalizeParts(path, true)}`;
  };
  return {
    sep: "/",
    delimiter: ":",
    resolve,
    normalize,
    isAbsolute,
    join,
    relative: (from: string, to: string) => relative(resolve, from, to),
    toNamespacedPath: (path: unknown) => path,
    dirname,
    basename,
    extname,
    format,
    parse,
    matchesGlob,
    win32: null,
  };
}

function normalize(path: string): string {
  validateString(path, "path");
  if (path === "") return ".";
  const absolute = path.startsWith("/");
  const slash = path.endsWith("/");
  const body = normalizeParts(path, absolute);
  if (body === "") return absolute ? "/" : slash ? "./" : ".";
  return `${absolute ? "/" : ""}${body}${slash ? "/" : ""}`;
}

function isAbsolute(path: string): boolean {
  validateString(path, "path");
  return path.startsWith("/");
}

function join(...parts: string[]): string {
  for (const part of parts) validateString(part, "path");
  const joined = parts.filter((part) => part !== "").join("/");
  return joined === "" ? "." : normalize(joined);
}

function relative(resolve: (path: string) => string, from: string, to: string): string {
  validateString(from, "from");
  validateString(to, "to");
  const source = resolve(from).split("/").filter(Boolean);
  const target = resolve(to).split("/").filter(Boolean);
  let common = 0;
  while (common < source.length && common < target.length && source[common] === target[common]) {
    common++;
  }
  return [...source.slice(common).map(() => ".."), ...target.slice(common)].join("/");
}

/** Where the last part starts and ends; trailing slashes do not count. */
function lastPart(path: string): { start: number; end: number } {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return { start: path.lastIndexOf("/", end - 1) + 1, end };
}

function dirname(path: string): string {
  validateString(path, "path");
  if (path === "") return ".";
  const { start, end } = lastPart(path);
  if (end === 0) return "/";
  if (start === 0) return ".";
  const slash = start - 1;
  if (slash === 0) return "/";
  return slash === 1 && path.startsWith("//") ? "//" : path.slice(0, slash);
}

function basename(path: string, suffix?: string): string {
  if (suffix !== undefined) validateString(suffix, "suffix");
  validateString(path, "path");
  if (suffix !== undefined && suffix === path) return "";
  const { start, end } = lastPart(path);
  const base = path.slice(end === 0 ? 0 : start, end);
  if (suffix === undefined || suffix === "" || base === suffix) return base;
  return base.endsWith(suffix) ? base.slice(0, base.length - suffix.length) : base;
}

/** Where the extension starts in a base name, or its length when there is none. */
function extensionStart(base: string): number {
  const dot = base.lastIndexOf(".");
  return dot <= 0 || base === ".." ? base.length : dot;
}

function extname(path: string): string {
  validateString(path, "path");
  const base = basename(path);
  return base.slice(extensionStart(base));
}

function format(parsed: Partial<ParsedPath>): string {
  validateObject(parsed, "pathObject");
  const dir = parsed.dir || parsed.root;
  const extension = parsed.ext ? (parsed.ext.startsWith(".") ? parsed.ext : `.${parsed.ext}`) : "";
  const base = parsed.base || `${parsed.name || ""}${extension}`;
  if (!dir) return base;
  return dir === parsed.root ? `${dir}${base}` : `${dir}/${base}`;
}

function parse(path: string): ParsedPath {
  validateString(path, "path");
  const root = path.startsWith("/") ? "/" : "";
  const { start, end } = lastPart(path);
  const base = end === 0 ? "" : path.slice(start, end);
  // Node takes the second dot of `/..` for an extension, there and nowhere else.
  const isParentOfRoot = root === "/" && start === 1 && base === "..";
  const cut = isParentOfRoot ? 1 : extensionStart(base);
  const slash = start - 1;
  const dir = slash > 0 ? path.slice(0, slash) : root;
  return {
    root,
    dir: end === 0 ? root : dir,
    base,
    ext: base.slice(cut),
    name: base.slice(0, cut),
  };
}
