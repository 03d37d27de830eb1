/*
 * `path.win32`: programs use it to take Windows paths of others apart. Drive letters and both slashes
 * are known; UNC shares (`\\server\share`) are not.
 */
import type { ParsedPath } from "./posix.ts";

const drive = /^[A-Za-z]:/;

function split(path: string): { device: string; absolute: boolean; parts: string[] } {
  const device = drive.exec(path)?.[0] ?? "";
  const rest = path.slice(device.length);
  const parts: string[] = [];
  const absolute = /^[\\/]/.test(rest);
  for (const part of rest.split(/[\\/]+/)) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!absolute) parts.push("..");
  }
  return { device, absolute, parts };
}

function normalize(path: string): string {
  if (path === "") return ".";
  const { device, absolute, parts } = split(path);
  const body = parts.join("\\");
  const tail = /[\\/]$/.test(path) && body !== "" ? "\\" : "";
  const text = `${device}${absolute ? "\\" : ""}${body}${tail}`;
  return text === device ? `${device}.` : text || ".";
}

function lastSlash(path: string): number {
  return Math.max(path.lastIndexOf("\\"), path.lastIndexOf("/"));
}

function trimmed(path: string): string {
  return path.replace(/[\\/]+$/, "");
}

function basename(path: string, suffix = ""): string {
  const whole = trimmed(path.replace(drive, ""));
  const base = whole.slice(lastSlash(whole) + 1);
  return suffix !== "" && base !== suffix && base.endsWith(suffix)
    ? base.slice(0, -suffix.length)
    : base;
}

function dirname(path: string): string {
  const device = drive.exec(path)?.[0] ?? "";
  const rest = path.slice(device.length);
  const whole = trimmed(rest);
  const slash = lastSlash(whole);
  if (slash > 0) return device + trimmed(whole.slice(0, slash));
  if (/^[\\/]/.test(rest)) return device + rest.slice(0, 1);
  return device || ".";
}

function extname(path: string): string {
  const base = basename(path);
  const dot = base.lastIndexOf(".");
  return dot <= 0 || base === ".." ? "" : base.slice(dot);
}

function resolve(...paths: string[]): string {
  let device = "C:";
  let body = "";
  for (const path of paths.toReversed()) {
    const parts = split(path);
    if (parts.device !== "") device = parts.device;
    body = `${path.slice(parts.device.length)}\\${body}`;
    if (parts.absolute) break;
  }
  return normalize(`${device}\\${body}`).replace(/(?<=[^:])\\$/, "");
}

function relative(from: string, to: string): string {
  const source = resolve(from).split("\\").filter(Boolean);
  const target = resolve(to).split("\\").filter(Boolean);
  let common = 0;
  const same = (index: number) => source[index]?.toLowerCase() === target[index]?.toLowerCase();
  while (common < source.length && common < target.length && same(common)) common++;
  if (common === 0) return resolve(to);
  return [...source.slice(common).map(() => ".."), ...target.slice(common)].join("\\");
}

function parse(path: string): ParsedPath {
  const root = /^(?:[A-Za-z]:)?[\\/]?/.exec(path)?.[0] ?? "";
  const base = basename(path);
  const ext = extname(path);
  const dir = dirname(path);
  return {
    root,
    dir: dir === "." && !path.startsWith(".") ? "" : dir,
    base,
    ext,
    name: ext === "" ? base : base.slice(0, -ext.length),
  };
}

export function createWin32Path(): Record<string, unknown> & { posix: unknown } {
  return {
    sep: "\\",
    delimiter: ";",
    normalize,
    basename,
    dirname,
    extname,
    resolve,
    relative,
    parse,
    isAbsolute: (path: string) => /^(?:[A-Za-z]:)?[\\/]/.test(path),
    join: (...parts: string[]) => normalize(parts.filter((part) => part !== "").join("\\")),
    format: (parsed: Partial<ParsedPath>) => {
      const base = parsed.base || `${parsed.name ?? ""}${parsed.ext ?? ""}`;
      const dir = parsed.dir || parsed.root;
      if (!dir) return base;
      return dir === parsed.root ? `${dir}${base}` : `${dir}\\${base}`;
    },
    toNamespacedPath: (path: unknown) => path,
    posix: null,
  };
}
