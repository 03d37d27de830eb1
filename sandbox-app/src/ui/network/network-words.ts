import { allows, type HostRule, LOCAL_HOST, parseRule, ruleText } from "#protocol/egress-rule.ts";
import type { Grant, HostUse, Wish } from "../../tab/page-api.ts";
import { formatAgo, formatBytes } from "../text/duration.ts";
import { visibleLine } from "../text/visible.ts";

/** A host as it is shown: the scheme apart, so that the name can be read first. */
export interface ShownHost {
  readonly scheme: string;
  readonly place: string;
  /** What is special about it; null when nothing is. */
  readonly note: string | null;
}

export function shownHost(host: string): ShownHost {
  const [scheme = "", place = ""] = visibleLine(host).split("://");
  return { scheme: `${scheme}://`, place, note: noteOf(host) };
}

function noteOf(host: string): string | null {
  const parsed = parseRule(host, true);
  if (!parsed.ok) return null;
  const { host: name, scheme } = parsed.value;
  if (name === LOCAL_HOST) return "a program on this machine";
  if (name.startsWith("*.")) return `every host below ${name.slice(2)}`;
  return scheme === "http" ? "not encrypted" : null;
}

/** Which program asked for a host last, and how often any did. */
export function wishFacts({ pid, count }: Wish): readonly string[] {
  return [`pid ${pid}`, count === 1 ? "asked once" : `asked ${count} times`];
}

/** Since when a host is allowed, and what was done with it in this visit. */
export function grantFacts(grant: Grant, uses: readonly HostUse[], now: number): readonly string[] {
  const since = `allowed ${formatAgo(now - grant.since)}`;
  const own = usesOf(grant.host, uses);
  if (own.length === 0) return [since, "not used in this visit"];
  const sum = (value: (use: HostUse) => number): number =>
    own.reduce((total, use) => total + value(use), 0);
  const requests = sum((use) => use.requests);
  const lastAt = Math.max(...own.map((use) => use.lastAt));
  return [
    since,
    `used ${formatAgo(now - lastAt)}`,
    requests === 1 ? "1 request" : `${requests.toLocaleString("en")} requests`,
    `${formatBytes(sum((use) => use.bytesSent))} sent`,
    `${formatBytes(sum((use) => use.bytesReceived))} received`,
  ];
}

function usesOf(grant: string, uses: readonly HostUse[]): HostUse[] {
  const rule = ruleOf(grant);
  if (rule === null) return [];
  return uses.filter(({ host }) => {
    const target = ruleOf(host);
    return target !== null && allows(rule, target);
  });
}

/** Whether one of the grants lets requests to the host through. */
export function isCovered(host: string, grants: readonly Grant[]): boolean {
  const target = ruleOf(host);
  if (target === null) return false;
  return grants.some((grant) => {
    const rule = ruleOf(grant.host);
    return rule !== null && (allows(rule, target) || ruleText(rule) === ruleText(target));
  });
}

function ruleOf(host: string): HostRule | null {
  const parsed = parseRule(host, true);
  return parsed.ok ? parsed.value : null;
}

/** For assistive technology, when programs ask for hosts that they have not asked for before. */
export function announcement(fresh: readonly Wish[]): string {
  const [first] = fresh;
  if (first === undefined) return "";
  if (fresh.length > 1) return `Programs ask for network access to ${fresh.length} hosts.`;
  return `A program asks for network access to ${visibleLine(first.host)}.`;
}
