import { type EgressTarget, hostAndPort } from "#protocol/egress-rule.ts";
import { FileError, type FileErrorCode } from "../../runtime.ts";
import { ProxyRefusal } from "./proxy-client.ts";
import { BadRequest } from "./request-reader.ts";

/** What a program reads that asks for a host which nobody has allowed: what to do, in one sentence. */
export function notGranted(target: EgressTarget): FileError {
  const place = hostAndPort(target);
  const message =
    `No network access to ${place} has been granted to this container. ` +
    "Allow it in the page under Network, then run this again.";
  return new FileError("ENETUNREACH", place, message);
}

export function revoked(target: EgressTarget): FileError {
  const place = hostAndPort(target);
  return new FileError("ECONNRESET", place, `Network access to ${place} was revoked in the page.`);
}

/** What is never reached, whoever allows it. */
export function neverReached(origin: string, problem: string): FileError {
  const place = origin.slice(0, 200);
  return new FileError("ENETUNREACH", place, `${place} is not reached from here. ${problem}`);
}

export function noNetwork(reason: unknown): FileError {
  return new FileError(
    "ENETUNREACH",
    "",
    reason instanceof Error ? reason.message : String(reason),
  );
}

/** Whatever a request failed with, as its program is told. */
export function failureOf(error: unknown, target: EgressTarget): FileError {
  if (error instanceof FileError) return error;
  const place = hostAndPort(target);
  if (error instanceof ProxyRefusal) {
    if (error.code === "network_not_granted") return notGranted(target);
    return new FileError(errnoOf(error), place, error.message);
  }
  if (error instanceof BadRequest) {
    const message = `Only HTTP/1.1 requests go to ${place}. ${error.message}`;
    return new FileError("EINVAL", place, message);
  }
  return new FileError("ECONNRESET", place, `The connection to ${place} broke off.`);
}

function errnoOf({ code, message }: ProxyRefusal): FileErrorCode {
  if (code === "network_refused") return "ENETUNREACH";
  if (code === "overloaded") return "EAGAIN";
  return message.includes("in time") ? "ETIMEDOUT" : "EHOSTUNREACH";
}
