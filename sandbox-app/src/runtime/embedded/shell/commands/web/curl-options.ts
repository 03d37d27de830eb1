import { gnuOptions } from "../gnu-options.ts";

export interface CurlJob {
  readonly urls: readonly string[];
  readonly method: string | null;
  readonly headers: readonly string[];
  /** `-d` and its relatives: how each is encoded, and what it holds. */
  readonly data: readonly { readonly kind: string; readonly text: string }[];
  readonly forms: readonly string[];
  readonly upload: string | null;
  readonly isGet: boolean;
  readonly outputs: readonly string[];
  /** How many URLs are saved under their own name. */
  readonly named: "none" | "some" | "all";
  readonly has: (key: string) => boolean;
  readonly value: (key: string) => string | null;
}

const long: Readonly<Record<string, string>> = {
  append: "a",
  "user-agent": "A",
  cookie: "b",
  "cookie-jar": "c",
  data: "d",
  "data-ascii": "d",
  "data-binary": "data-binary:",
  "data-raw": "data-raw:",
  "data-urlencode": "data-urlencode:",
  json: "json:",
  "dump-header": "D",
  referer: "e",
  fail: "f",
  "fail-with-body": "fail-with-body",
  form: "F",
  "form-string": "form-string:",
  get: "G",
  globoff: "g",
  header: "H",
  head: "I",
  include: "i",
  insecure: "k",
  location: "L",
  "location-trusted": "L",
  "max-time": "m",
  "connect-timeout": "connect-timeout:",
  "no-buffer": "N",
  output: "o",
  "output-dir": "output-dir:",
  "create-dirs": "create-dirs",
  "remote-name": "O",
  "remote-name-all": "remote-name-all",
  "remote-header-name": "J",
  request: "X",
  retry: "retry:",
  "retry-delay": "retry-delay:",
  "retry-max-time": "retry-max-time:",
  "retry-connrefused": "retry-connrefused",
  "retry-all-errors": "retry-all-errors",
  silent: "s",
  "show-error": "S",
  "no-progress-meter": "no-progress-meter",
  "progress-bar": "#",
  "upload-file": "T",
  url: "url:",
  user: "u",
  verbose: "v",
  version: "V",
  "write-out": "w",
  compressed: "compressed",
  "http1.1": "http1.1",
  "http1.0": "0",
  http2: "http2",
  ipv4: "4",
  ipv6: "6",
  "max-redirs": "max-redirs:",
  "oauth2-bearer": "oauth2-bearer:",
  "tcp-nodelay": "tcp-nodelay",
  "keepalive-time": "keepalive-time:",
  "no-keepalive": "no-keepalive",
  parallel: "Z",
  help: "h",
  "path-as-is": "path-as-is",
  noproxy: "noproxy:",
  proto: "proto:",
  tlsv1: "tlsv1",
  "tlsv1.2": "tlsv1.2",
  disable: "q",
};

const dataKinds = new Set(["d", "data-binary", "data-raw", "data-urlencode", "json"]);

/** Takes curl's arguments apart; a message when they are wrong. */
export function curlJob(args: readonly string[]): CurlJob | string {
  const { given, order, operands, unknown } = gnuOptions(args, {
    letters: "aA:b:c:d:D:e:fF:gGH:hIijJkLm:nNo:OpqsST:u:vVw:X:Z046#",
    long,
  });
  if (unknown !== null)
    return unknown.replace(/^invalid option -- '(.)'$/, "option -$1: is unknown");
  const all = (...keys: string[]): string[] =>
    order.filter(([key]) => keys.includes(key)).map(([, value]) => value);
  const saves = all("O").length > 0 || given.has("remote-name-all");
  return {
    urls: [...operands, ...all("url")],
    method: given.get("X") ?? null,
    headers: all("H"),
    data: order.filter(([key]) => dataKinds.has(key)).map(([kind, text]) => ({ kind, text })),
    forms: all("F", "form-string"),
    upload: given.get("T") ?? null,
    isGet: given.has("G"),
    outputs: all("o"),
    named: saves ? "all" : "none",
    has: (key) => given.has(key),
    value: (key) => given.get(key) ?? null,
  };
}
