import { type EgressTarget, LOCAL_HOST, parseTarget } from "#protocol/egress-rule.ts";
import { DiscoError } from "#protocol/errors.ts";
import { previewPort } from "#protocol/previews.ts";
import type { DeployedConfig, LocalConfig } from "../config.ts";
import type { Origins } from "../http/origins.ts";

/** Who serves: what of it must never be reached from inside. */
export interface Self {
  readonly config: LocalConfig | DeployedConfig;
  readonly origins: Origins;
}

/**
 * Where a request of a program goes.
 *
 * @throws DiscoError `network_refused` for what is never reached, whoever allows it
 */
export function readTarget(url: string, self: Self): EgressTarget {
  const parsed = parseTarget(url, self.config.mode === "local");
  if (!parsed.ok) throw new DiscoError("network_refused", parsed.problem);
  refuseSelf(parsed.value, self);
  return parsed.value;
}

/**
 * Disco itself is not among the other hosts: its faces would meet a request from the inside.
 *
 * @throws DiscoError `network_refused`
 */
export function refuseSelf({ host, port }: EgressTarget, { config, origins }: Self): void {
  const isSelf =
    host === LOCAL_HOST
      ? ownPorts(config, origins).includes(port)
      : isOwnHost(host.replace(/^\*\./, ""), origins);
  if (isSelf) throw new DiscoError("network_refused", "Disco's own hosts cannot be reached.");
}

function ownPorts(
  config: LocalConfig | DeployedConfig,
  { asked, page, runtime }: Origins,
): number[] {
  const told =
    config.mode === "local" ? [config.port, config.ports?.app, config.ports?.runtime] : [];
  const named = [asked, page, runtime].map((origin) => Number(new URL(origin).port || 80));
  return [...told.filter((port) => port !== undefined), ...named];
}

/** Whichever port of it: another one may lead to the same server. */
function isOwnHost(host: string, { own, page, runtime, previews }: Origins): boolean {
  const names = [...own, page, runtime].map((origin) => new URL(origin).hostname);
  if (names.includes(host)) return true;
  const rule = previews.replace(/:\d+$/, "");
  return previewPort(rule, host) !== null;
}

/** What is really asked: `host.disco.internal` is this machine's loopback. */
export function outgoingUrl(url: string): string {
  const outgoing = new URL(url);
  if (outgoing.hostname === LOCAL_HOST) outgoing.hostname = "localhost";
  outgoing.hash = "";
  return outgoing.href;
}
