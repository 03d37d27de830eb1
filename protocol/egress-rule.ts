/**
 * Which hosts a container may reach, as text that a person types and as a rule that page, kernel and
 * worker agree on. The worker decides; the others only say earlier what it will say.
 */

export type EgressScheme = "https" | "http";

/** Exact host and port; a name with `*.` in front stands for every name below it, not for itself. */
export interface HostRule {
  readonly scheme: EgressScheme;
  /** In the form of the URL standard: lower case, ASCII. */
  readonly host: string;
  readonly port: number;
}

/** Where one request goes. */
export type EgressTarget = HostRule;

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  /** A sentence for the person. */
  | { readonly ok: false; readonly problem: string };

/** In local mode: this machine's loopback, where people run model servers and APIs of their own. */
export const LOCAL_HOST = "host.disco.internal";

/** Longest name of DNS (RFC 1035, section 2.3.4). */
const NAME_MAX_CHARS = 253;
const PORT_MAX = 65_535;
const DEFAULT_PORT: Record<EgressScheme, number> = { https: 443, http: 80 };

/**
 * Names that are never of the public network: special-use names (RFC 6761, 6762, 8375, 9476), what
 * home and company networks use (ICANN's name collision list), and the trees of reverse lookups.
 */
const PRIVATE_ENDINGS = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "lan",
  "arpa",
  "test",
  "invalid",
  "onion",
  "alt",
] as const;

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;

const refused = (problem: string): { readonly ok: false; readonly problem: string } => ({
  ok: false,
  problem,
});

/**
 * Reads what a person typed: `api.example.com`, `https://api.example.com:8443`, `*.example.com`.
 * Without a scheme it is https; `host.disco.internal` is http, since nobody has a certificate for it.
 *
 * @param local whether this machine's own programs may be named
 */
export function parseRule(text: string, local: boolean): Parsed<HostRule> {
  const typed = text.trim();
  if (typed === "") return refused("Type the name of a host, as api.example.com.");
  const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*\.)?([^/?#]*)(.*)$/is.exec(typed);
  const [, given, star = "", place = "", rest = ""] = parts ?? [];
  const scheme = (given ?? (isLocalPlace(place) ? "http" : "https")).toLowerCase();
  if (!isScheme(scheme)) return refused(`Only https and http can be allowed, not ${scheme}.`);
  const problem = problemOfTyping(place, rest);
  if (problem !== null) return refused(problem);
  const target = parseTarget(`${scheme}://${place}/`, local);
  if (!target.ok || star === "") return target;
  const { host, port } = target.value;
  if (host === LOCAL_HOST) return refused(`${LOCAL_HOST} has no names below it.`);
  return { ok: true, value: { scheme, host: `*.${host}`, port } };
}

/** What is wrong with it before it is read as a URL, whose parser forgives too much. */
function problemOfTyping(place: string, rest: string): string | null {
  if (rest !== "" && rest !== "/") {
    return "Access is for a whole host: leave out what follows its name.";
  }
  if (place.includes("*")) return "A star stands in front of a name only: *.example.com.";
  if (/[@\\%\s]/.test(place)) return "That is not the name of a host.";
  const hasPort = place.includes(":");
  return isLocalPlace(place) && !hasPort ? `Name the port too: ${LOCAL_HOST}:11434.` : null;
}

/**
 * Reads a request's URL and refuses whatever could lead to a private place. The URL standard's
 * parser has turned every notation of an address (octal, hexadecimal, short) into one already.
 *
 * @param local as in `parseRule`
 */
export function parseTarget(url: string, local: boolean): Parsed<EgressTarget> {
  if (!URL.canParse(url)) return refused("That is not the name of a host.");
  const { protocol, hostname, port, username, password } = new URL(url);
  const scheme = protocol.slice(0, -1);
  if (!isScheme(scheme)) return refused(`Only https and http go out, not ${scheme}.`);
  if (username !== "" || password !== "") return refused("A user name in a URL is refused.");
  const problem = problemOfHost(hostname, local);
  if (problem !== null) return refused(problem);
  const number = port === "" ? DEFAULT_PORT[scheme] : Number(port);
  if (number === 0) return refused(`The port is a number from 1 to ${PORT_MAX}.`);
  if (hostname === LOCAL_HOST && scheme !== "http") {
    return refused(`${LOCAL_HOST} is reached by http only.`);
  }
  return { ok: true, value: { scheme, host: hostname, port: number } };
}

/** @returns null for a name that may be allowed */
function problemOfHost(host: string, local: boolean): string | null {
  if (host === LOCAL_HOST) {
    return local ? null : "This machine's own programs can be reached in local mode only.";
  }
  if (host.startsWith("[") || /^\d+(?:\.\d+){3}$/.test(host)) {
    return "An address cannot be allowed: use the host's name.";
  }
  const labels = host.split(".");
  const isName = host.length <= NAME_MAX_CHARS && labels.every((label) => LABEL.test(label));
  if (!isName) return "That is not the name of a host.";
  if (labels.length < 2) return "Use the host's full name, as api.example.com.";
  if ((PRIVATE_ENDINGS as readonly string[]).includes(labels.at(-1) ?? "")) {
    return `Names below .${labels.at(-1)} belong to private networks, which cannot be reached.`;
  }
  return null;
}

function isScheme(text: string): text is EgressScheme {
  return text === "https" || text === "http";
}

function isLocalPlace(place: string): boolean {
  return place.toLowerCase().split(":")[0] === LOCAL_HOST;
}

/** Whether a rule lets requests to the target through. */
export function allows(rule: HostRule, target: EgressTarget): boolean {
  if (rule.scheme !== target.scheme || rule.port !== target.port) return false;
  if (!rule.host.startsWith("*.")) return rule.host === target.host;
  return target.host.endsWith(rule.host.slice(1)) && target.host !== LOCAL_HOST;
}

/** As a person types it: `https://api.example.com`, the port only where it is not the usual one, or must be named. */
export function ruleText({ scheme, host, port }: HostRule): string {
  const isUsual = port === DEFAULT_PORT[scheme] && host !== LOCAL_HOST;
  return `${scheme}://${host}${isUsual ? "" : `:${port}`}`;
}

/** `api.example.com:443`, which is how errors name a host. */
export function hostAndPort({ host, port }: EgressTarget): string {
  return `${host}:${port}`;
}
