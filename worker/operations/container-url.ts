/** What a caller writes for the container that needs no name. */
const CURRENT = "current";

/** Whether a caller means the container that it need not name. */
export function isCurrent(named: string | undefined): boolean {
  return named === undefined || named === CURRENT;
}

/**
 * Page that the person opens to run the container.
 *
 * @param page the sandbox page without a container, which opens the user's own
 */
export function containerUrl(page: string, container: string): string {
  return `${page}?container=${encodeURIComponent(container)}`;
}
