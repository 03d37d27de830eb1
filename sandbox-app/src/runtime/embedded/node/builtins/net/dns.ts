import type { NodeContext } from "../../context.ts";
import { errnoOf } from "../errors/errno.ts";
import { isIP, isLoopback } from "./addresses.ts";

interface Found {
  readonly address: string;
  readonly family: number;
}

function notFound(syscall: string, hostname: string): Error {
  const error = new Error(
    `${syscall} ENOTFOUND ${hostname}. Only names of this container (localhost) can be looked up: fetch, http and https find other hosts themselves.`,
  );
  return Object.assign(error, {
    errno: errnoOf("ENOTFOUND"),
    code: "ENOTFOUND",
    syscall,
    hostname,
  });
}

function lookUp(hostname: string): Found {
  const family = isIP(hostname);
  if (family !== 0) return { address: hostname, family };
  if (isLoopback(hostname)) return { address: "127.0.0.1", family: 4 };
  throw notFound("getaddrinfo", hostname);
}

const queries =
  "resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTxt reverse".split(
    " ",
  );

/** `node:dns`: names of this container only. */
export function createDns(node: NodeContext): Record<string, unknown> {
  const lookup = async (hostname: string, options?: { all?: boolean }): Promise<unknown> => {
    const found = lookUp(hostname);
    return options?.all === true ? [found] : found;
  };
  const refuse =
    (name: string) =>
    async (hostname: string): Promise<never> => {
      throw notFound(`query${name.slice(7) || "A"}`, hostname);
    };
  const promises: Record<string, (hostname: string, options?: never) => Promise<unknown>> = {
    lookup,
  };
  for (const name of queries) promises[name] = refuse(name);
  const dns: Record<string, unknown> = { promises };
  for (const [name, act] of Object.entries(promises)) {
    dns[name] = (hostname: string, ...rest: unknown[]) => {
      const callback = rest.pop() as (error: unknown, ...values: unknown[]) => void;
      node.loop.settle("GETADDRINFOREQWRAP", act(hostname, rest[0] as never), (error, value) => {
        if (error) callback(error);
        else if (Array.isArray(value)) callback(null, value);
        else callback(null, (value as Found).address, (value as Found).family);
      });
    };
  }
  const settings = {
    getServers: () => [],
    setServers: (): undefined => undefined,
    setDefaultResultOrder: (): undefined => undefined,
    getDefaultResultOrder: () => "verbatim",
    NOTFOUND: "ENOTFOUND",
    NODATA: "ENODATA",
  };
  function Resolver(): void {
    // Its methods are those of the module.
  }
  Object.assign(Resolver.prototype, dns, settings, { cancel: (): undefined => undefined });
  Object.assign(promises, settings, { Resolver });
  return Object.assign(dns, settings, { Resolver, ADDRCONFIG: 32, V4MAPPED: 8, ALL: 16 });
}
