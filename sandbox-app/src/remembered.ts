const PREFIX = "disco.";

/** What the page remembered under this name; null when nothing, or when storage is not allowed. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Remembers a choice of the person. A browser that refuses only forgets it with the page. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    return;
  }
}
