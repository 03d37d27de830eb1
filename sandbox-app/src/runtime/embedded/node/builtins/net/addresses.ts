import { codeOf, exceptionWithHostPort } from "../errors/system-error.ts";

const v4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

export function isIPv4(text: unknown): boolean {
  return typeof text === "string" && v4.test(text);
}

export function isIPv6(text: unknown): boolean {
  if (typeof text !== "string" || !text.includes(":") || !/^[\da-f:.%\w]+$/i.test(text))
    return false;
  return URL.canParse(`http://[${text.replace(/%.*$/, "")}]/`);
}

export function isIP(text: unknown): 0 | 4 | 6 {
  if (isIPv4(text)) return 4;
  return isIPv6(text) ? 6 : 0;
}

/** Names of this container; every other host is outside. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  return (
    name === "" ||
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === "::1" ||
    name === "::" ||
    name === "0.0.0.0" ||
    name.startsWith("127.") ||
    name === "::ffff:127.0.0.1" ||
    name === "disco"
  );
}

/** What a bare connection to anywhere else fails with, and why. */
export function unreachable(host: string, port: number): Error {
  const error = exceptionWithHostPort("ENETUNREACH", "connect", host, port);
  error.message +=
    ". Sockets of this container reach only its own ports (localhost): use fetch, http or https for other hosts.";
  return error;
}

/** What a request to another host fails with: the kernel's own words, which say what to do. */
export function unreachableByHttp(cause: unknown, host: string, port: number): Error {
  const error = exceptionWithHostPort(codeOf(cause), "connect", host, port);
  error.message += `. ${cause instanceof Error ? cause.message : String(cause)}`;
  return error;
}
