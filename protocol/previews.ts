/**
 * The rule that says on which origin a port of the container is seen. It is one text, told to the
 * page in `/config`: `https://p{port}.example.com` gives every port an origin of its own; without the
 * placeholder one origin shows one preview at a time.
 */

/** Stands for the port's number in the rule. */
export const PORT_PLACEHOLDER = "{port}";

/**
 * Everything of ours on a host that shows previews is below this path; all other paths belong to the
 * program whose preview it is.
 */
export const RESERVED_PATH = "/__disco/";

const PORT_MAX = 65_535;

/** Whether ports have to share one origin, so that only one of them can be shown at a time. */
export function isOneAtATime(rule: string): boolean {
  return !rule.includes(PORT_PLACEHOLDER);
}

/** The origin on which a port is seen. */
export function previewOrigin(rule: string, port: number): string {
  return rule.replace(PORT_PLACEHOLDER, String(port));
}

/**
 * The port that a host shows.
 *
 * @param host with its own port, as in `URL.host`
 * @returns null when the rule does not make this host, or makes it for all ports
 */
export function previewPort(rule: string, host: string): number | null {
  const [before, after] = hostOf(rule).split(PORT_PLACEHOLDER);
  if (before === undefined || after === undefined) return null;
  if (!host.startsWith(before) || !host.endsWith(after)) return null;
  const digits = host.slice(before.length, host.length - after.length);
  if (!/^[1-9]\d{0,4}$/.test(digits)) return null;
  const port = Number(digits);
  return port <= PORT_MAX ? port : null;
}

/** The source expression of a CSP that covers every origin of the rule (CSP3, section 2.3.1). */
export function previewSources(rule: string): string {
  if (isOneAtATime(rule)) return rule;
  const [scheme, host = ""] = rule.split("://");
  return `${scheme}://*${host.slice(host.indexOf("."))}`;
}

function hostOf(rule: string): string {
  return rule.slice(rule.indexOf("://") + 3);
}
