import { CloseCode } from "#protocol/frames.ts";
import {
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LOST_MS,
  RECONNECT_MAX_MS,
  RECONNECT_MIN_MS,
} from "#protocol/limits.ts";
import type { LinkState } from "../tab/events.ts";

/** Ticket, socket, hello and welcome together; a relay that wakes from sleep needs well under 1 s. */
export const ATTEMPT_TIMEOUT_MS = 10_000;

/** After a sign that the network changed, an answer to a ping is due this soon. */
export const PROBE_TIMEOUT_MS = 5_000;

/**
 * Only a connection that lasted this long resets the back-off: a relay that drops the tab at once
 * would otherwise be asked again every RECONNECT_MIN_MS.
 */
export const STABLE_AFTER_MS = 10_000;

/**
 * Where the tab's connection is. Times are milliseconds since the epoch. Every state but `stopped`
 * and `down` has a `wakeAt`: the time at which the machine wants a `tick`, so that no wait is endless.
 * `attempt` counts from 1 and names the one ticket and the one socket that may exist.
 */
export type Link =
  | { readonly state: "stopped" }
  | {
      readonly state: "fetching_ticket" | "opening" | "greeting";
      readonly attempt: number;
      /** Failures in a row before this attempt. */
      readonly failures: number;
      readonly wakeAt: number;
    }
  | {
      readonly state: "attached";
      readonly attempt: number;
      readonly failures: number;
      readonly epoch: number;
      readonly container: string;
      readonly since: number;
      readonly pingAt: number;
      /** When the connection counts as lost unless something is heard. */
      readonly lostAt: number;
      readonly wakeAt: number;
    }
  | {
      readonly state: "waiting";
      readonly attempt: number;
      readonly failures: number;
      readonly reason: string;
      readonly wakeAt: number;
    }
  | {
      readonly state: "down";
      readonly attempt: number;
      readonly why: "taken_over" | "deleted" | "version_changed" | "signed_out";
    };

export type LinkEvent =
  | { readonly type: "start" | "stop" | "tick" | "online" | "take_back" | "reconnect_now" }
  | {
      readonly type: "ticket";
      readonly attempt: number;
      readonly ticket: string;
      readonly url: string;
    }
  | {
      readonly type: "ticket_refused";
      readonly attempt: number;
      readonly why: "deleted" | "signed_out" | "version_changed" | "failed";
      readonly reason: string;
    }
  | { readonly type: "opened" | "heard"; readonly attempt: number }
  | {
      readonly type: "welcomed";
      readonly attempt: number;
      readonly epoch: number;
      readonly container: string;
    }
  | { readonly type: "broken"; readonly attempt: number; readonly reason: string }
  | { readonly type: "closed"; readonly attempt: number; readonly code: number };

export type LinkEffect =
  | { readonly type: "fetch_ticket" | "send_hello" | "ping"; readonly attempt: number }
  | {
      readonly type: "open";
      readonly attempt: number;
      readonly ticket: string;
      readonly url: string;
    }
  /** Abandons the ticket request or the socket of this attempt, whichever there is. */
  | { readonly type: "abandon"; readonly attempt: number; readonly code: number };

export interface LinkStep {
  readonly link: Link;
  readonly effects: readonly LinkEffect[];
}

/** What the machine may not decide by itself: the time, and chance in [0, 1). */
export interface LinkContext {
  readonly now: number;
  readonly random: number;
}

const NORMAL_CLOSURE = 1000;

/** The one transition of the tab's connection; SPEC rules OPEN, HELLO, BEAT and GONE. */
export function stepLink(link: Link, event: LinkEvent, context: LinkContext): LinkStep {
  // What an abandoned attempt still says is of no interest.
  if ("attempt" in event && (link.state === "stopped" || link.attempt !== event.attempt)) {
    return stay(link);
  }
  switch (event.type) {
    case "start":
      return link.state === "stopped" ? begin(0, 0, context) : stay(link);
    case "stop":
      return { link: { state: "stopped" }, effects: abandon(link, NORMAL_CLOSURE) };
    case "tick":
      return tick(link, context);
    case "online":
      return hurry(link, context);
    case "reconnect_now":
      return link.state === "down" && link.why === "signed_out"
        ? begin(link.attempt, 0, context)
        : hurry(link, context);
    case "take_back":
      return link.state === "down" && link.why === "taken_over"
        ? begin(link.attempt, 0, context)
        : stay(link);
    default:
      return stepAttempt(link, event, context);
  }
}

type AttemptEvent = Extract<LinkEvent, { attempt: number }>;

function stepAttempt(link: Link, event: AttemptEvent, context: LinkContext): LinkStep {
  switch (event.type) {
    case "ticket":
      if (link.state !== "fetching_ticket") return stay(link);
      return { link: { ...link, state: "opening" }, effects: [{ ...event, type: "open" }] };
    case "ticket_refused":
      return link.state === "fetching_ticket" ? refused(link, event, context) : stay(link);
    case "opened":
      if (link.state !== "opening") return stay(link);
      return {
        link: { ...link, state: "greeting" },
        effects: [{ type: "send_hello", attempt: link.attempt }],
      };
    case "welcomed":
      return link.state === "greeting" ? attach(link, event, context) : stay(link);
    case "heard":
      return link.state === "attached"
        ? stay(withTimes(link, link.pingAt, context.now + HEARTBEAT_LOST_MS))
        : stay(link);
    case "broken":
      if (!hasSocket(link)) return stay(link);
      return retry(link, event.reason, context, abandon(link, CloseCode.badFrame));
    case "closed":
      return hasSocket(link) ? closed(link, event.code, context) : stay(link);
  }
}

function tick(link: Link, context: LinkContext): LinkStep {
  if (link.state === "stopped" || link.state === "down" || context.now < link.wakeAt) {
    return stay(link);
  }
  if (link.state === "waiting") return begin(link.attempt, link.failures, context);
  if (link.state !== "attached") {
    return retry(link, "The relay did not answer.", context, abandon(link, CloseCode.silent));
  }
  if (context.now >= link.lostAt) {
    return retry(link, "The relay fell silent.", context, abandon(link, CloseCode.silent));
  }
  return ping(link, link.lostAt, context);
}

/** The network may be back: try at once, or see at once whether the connection still lives. */
function hurry(link: Link, context: LinkContext): LinkStep {
  if (link.state === "waiting") return begin(link.attempt, link.failures, context);
  if (link.state !== "attached") return stay(link);
  return ping(link, Math.min(link.lostAt, context.now + PROBE_TIMEOUT_MS), context);
}

type Attached = Extract<Link, { state: "attached" }>;
type Trying = Extract<Link, { state: "fetching_ticket" | "opening" | "greeting" }>;

function ping(link: Attached, lostAt: number, context: LinkContext): LinkStep {
  return {
    link: withTimes(link, context.now + HEARTBEAT_INTERVAL_MS, lostAt),
    effects: [{ type: "ping", attempt: link.attempt }],
  };
}

function withTimes(link: Attached, pingAt: number, lostAt: number): Attached {
  return { ...link, pingAt, lostAt, wakeAt: Math.min(pingAt, lostAt) };
}

function begin(lastAttempt: number, failures: number, context: LinkContext): LinkStep {
  const attempt = lastAttempt + 1;
  const wakeAt = context.now + ATTEMPT_TIMEOUT_MS;
  return {
    link: { state: "fetching_ticket", attempt, failures, wakeAt },
    effects: [{ type: "fetch_ticket", attempt }],
  };
}

function refused(
  link: Trying,
  event: Extract<LinkEvent, { type: "ticket_refused" }>,
  context: LinkContext,
): LinkStep {
  if (event.why === "failed") return retry(link, event.reason, context);
  return stay({ state: "down", attempt: link.attempt, why: event.why });
}

function attach(
  link: Trying,
  welcome: { readonly epoch: number; readonly container: string },
  { now }: LinkContext,
): LinkStep {
  const { epoch, container } = welcome;
  const { attempt, failures } = link;
  const pingAt = now + HEARTBEAT_INTERVAL_MS;
  const lostAt = now + HEARTBEAT_LOST_MS;
  const times = { since: now, pingAt, lostAt, wakeAt: pingAt };
  return stay({ state: "attached", attempt, failures, epoch, container, ...times });
}

function closed(link: Trying | Attached, code: number, context: LinkContext): LinkStep {
  const { attempt } = link;
  if (code === CloseCode.takenOver) return stay({ state: "down", attempt, why: "taken_over" });
  if (code === CloseCode.deleted) return stay({ state: "down", attempt, why: "deleted" });
  if (code === CloseCode.versionMismatch) {
    return stay({ state: "down", attempt, why: "version_changed" });
  }
  return retry(link, `The connection was closed (${code}).`, context);
}

function retry(
  link: Trying | Attached,
  reason: string,
  context: LinkContext,
  effects: readonly LinkEffect[] = [],
): LinkStep {
  const wasStable = link.state === "attached" && context.now - link.since >= STABLE_AFTER_MS;
  const failures = wasStable ? 1 : link.failures + 1;
  const wakeAt = context.now + backOffMs(failures, context.random);
  return { link: { state: "waiting", attempt: link.attempt, failures, reason, wakeAt }, effects };
}

/** Full jitter between RECONNECT_MIN_MS and a ceiling that doubles up to RECONNECT_MAX_MS [BEAT-3]. */
export function backOffMs(failures: number, random: number): number {
  const ceiling = Math.min(RECONNECT_MAX_MS, RECONNECT_MIN_MS * 2 ** Math.min(failures, 30));
  return Math.round(RECONNECT_MIN_MS + random * (ceiling - RECONNECT_MIN_MS));
}

function abandon(link: Link, code: number): LinkEffect[] {
  const alive = link.state === "fetching_ticket" || hasSocket(link);
  return alive ? [{ type: "abandon", attempt: link.attempt, code }] : [];
}

function hasSocket(link: Link): link is Trying | Attached {
  return link.state === "opening" || link.state === "greeting" || link.state === "attached";
}

function stay(link: Link): LinkStep {
  return { link, effects: [] };
}

/** The connection as the person sees it; undefined while it is stopped. */
export function describeLink(link: Link): LinkState | undefined {
  switch (link.state) {
    case "stopped":
      return undefined;
    case "attached":
      return { state: "attached", epoch: link.epoch, container: link.container };
    case "waiting":
      return {
        state: "reconnecting",
        attempt: link.failures + 1,
        retryAt: link.wakeAt,
        reason: link.reason,
      };
    case "down":
      return { state: link.why };
    case "fetching_ticket":
    case "opening":
    case "greeting":
      return { state: "connecting", attempt: link.failures + 1 };
  }
}
