/** The directory that a path is in: at the top `/` for an absolute path, nothing for a relative one. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/"))) || (path.startsWith("/") ? "/" : "");
}
