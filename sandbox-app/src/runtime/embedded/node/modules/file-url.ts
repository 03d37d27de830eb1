/** `url.pathToFileURL`: every character that means something in a URL is encoded. */
export function toFileUrl(path: string): URL {
  const encoded = path.replaceAll(/[%\\\n\r\t?#]/g, (character) => encodeURIComponent(character));
  return new URL(`file://${encoded}`);
}

/** `url.fileURLToPath`, for URLs that are known to be files. */
export function fromFileUrl(url: URL): string {
  return decodeURIComponent(url.pathname);
}
