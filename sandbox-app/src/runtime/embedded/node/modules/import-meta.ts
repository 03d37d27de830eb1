import { directoryOf } from "./module-class.ts";
import { fromFileUrl } from "./file-url.ts";

/** `import.meta` (Node, esm.md): its names in alphabetical order, as Node sets them. */
export function importMeta(
  url: string,
  isMain: boolean,
  resolve: (specifier: string, parent: string) => string,
): object {
  const meta = Object.create(null) as Record<string, unknown>;
  if (url.startsWith("file:")) {
    const filename = fromFileUrl(new URL(url));
    meta["dirname"] = directoryOf(filename);
    meta["filename"] = filename;
  }
  meta["main"] = isMain;
  meta["resolve"] = (specifier: string): string => {
    try {
      return resolve(specifier, url);
    } catch (error) {
      // It names a URL, whether or not a file is there.
      const missing = (error as { url?: unknown }).url;
      if (typeof missing === "string") return missing;
      throw error;
    }
  };
  meta["url"] = url;
  return meta;
}
