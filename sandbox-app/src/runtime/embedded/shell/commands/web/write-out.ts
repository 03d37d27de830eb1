import type { ResponseHead } from "../../../../../preview/http/response-head.ts";
import { headerOf, type HttpRequest } from "./request.ts";

/** What is known of a transfer. */
export interface Measured {
  readonly startedAt: number;
  request: HttpRequest | null;
  head: ResponseHead | null;
  bytes: number;
  redirects: number;
}

/** Where a redirection leads; null when the response is none. */
export function locationOf({ url }: HttpRequest, head: ResponseHead): URL | null {
  const location = headerOf(head, "location");
  if (location === null || head.status < 300 || head.status > 399) return null;
  return URL.parse(location, url);
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** What `-w` makes of a transfer (curl(1)). */
export function writtenOut(
  format: string,
  url: string,
  status: number,
  measured: Measured,
): string {
  const values = variables(url, status, measured);
  return format
    .replaceAll(/%\{(\w+)\}|%%/g, (whole, name?: string) =>
      name === undefined ? "%" : (values[name] ?? whole),
    )
    .replaceAll(/\\([nrt\\])/g, (_, letter: string) => escapes[letter] ?? "\\");
}

function variables(
  url: string,
  status: number,
  { head, request, bytes, redirects, startedAt }: Measured,
): Readonly<Record<string, string>> {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(6);
  const code = String(head?.status ?? 0).padStart(3, "0");
  const location = head === null || request === null ? null : locationOf(request, head);
  return {
    http_code: code,
    response_code: code,
    content_type: head === null ? "" : (headerOf(head, "content-type") ?? ""),
    size_download: String(bytes),
    time_total: seconds,
    time_starttransfer: seconds,
    url,
    url_effective: request?.url.href ?? url,
    num_redirects: String(redirects),
    redirect_url: location?.href ?? "",
    method: request?.method ?? "",
    exitcode: String(status),
    http_version: "1.1",
    scheme: request?.url.protocol.slice(0, -1) ?? "",
  };
}
