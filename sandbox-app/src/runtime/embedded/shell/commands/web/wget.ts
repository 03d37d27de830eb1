import { open } from "../../redirect/redirect.ts";
import { ShellError } from "../../run/outcome.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { baseName } from "../text/walk.ts";
import { redirected } from "./curl.ts";
import { urlOf } from "./curl-request.ts";
import { TransferError } from "./failure.ts";
import { type HttpRequest, type HttpResponse, sendRequest } from "./request.ts";

/** wget(1), EXIT STATUS */
const FILE_ERROR = 3;
const NETWORK_FAILURE = 4;
const SERVER_ERROR = 8;
const USAGE_ERROR = 2;
const REDIRECTS_MAX = 20;

const long = {
  quiet: "q",
  "output-document": "O",
  "no-verbose": "nv",
  "directory-prefix": "P",
  header: "header:",
  "post-data": "post-data:",
  method: "method:",
  "body-data": "body-data:",
  spider: "spider",
  "server-response": "S",
  tries: "t",
  timeout: "T",
  "no-check-certificate": "no-check-certificate",
  "show-progress": "show-progress",
  "user-agent": "U",
  continue: "c",
  "content-on-error": "content-on-error",
  "max-redirect": "max-redirect:",
} as const;

type Given = ReadonlyMap<string, string>;

/** `wget`: saves what a URL gives. */
export const wget: Command = async (call) => {
  const args = call.args.map((arg) => (arg === "-nv" ? "--no-verbose" : arg));
  const { given, order, operands, unknown } = gnuOptions(args, {
    letters: "qvcO:P:St:T:U:n:",
    long,
  });
  if (unknown !== null) return complain(call, unknown, USAGE_ERROR);
  if (operands.length === 0) {
    await call.shell.complain("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n");
    return USAGE_ERROR;
  }
  const headers = order.filter(([key]) => key === "header").map(([, value]) => value);
  let status = 0;
  for (const url of operands) {
    try {
      await fetchOne(call, given, headers, url);
    } catch (error) {
      status = await failed(call, given, error);
    }
  }
  return status;
};

async function failed(call: CommandCall, given: Given, error: unknown): Promise<number> {
  const isShell = error instanceof ShellError;
  if (!isShell && !(error instanceof TransferError)) throw error;
  if (!given.has("q")) await complain(call, error.message);
  if (isShell) return FILE_ERROR;
  return error.code === SERVER_ERROR ? SERVER_ERROR : NETWORK_FAILURE;
}

async function fetchOne(
  { shell }: CommandCall,
  given: Given,
  extra: readonly string[],
  text: string,
): Promise<void> {
  const tells = !given.has("q") && !given.has("nv");
  let request = requestOf(given, extra, text);
  let response: HttpResponse;
  for (let hop = 0; ; hop++) {
    if (tells) await shell.complain(`--  ${request.url.href}\n`);
    response = await sendRequest(shell, request);
    if (tells)
      await shell.complain(
        `HTTP request sent, awaiting response... ${response.head.status} ${response.head.reason}\n`,
      );
    const next = redirected(request, response.head);
    if (next === null) break;
    response.close();
    if (hop >= REDIRECTS_MAX)
      throw new TransferError(SERVER_ERROR, `${REDIRECTS_MAX} redirections exceeded.`);
    request = next;
  }
  const { status, reason } = response.head;
  if (status >= 400 || given.has("spider")) {
    response.close();
    if (status >= 400) throw new TransferError(SERVER_ERROR, `ERROR ${status}: ${reason}.`);
    return;
  }
  const own = baseName(request.url.pathname);
  const prefix = given.get("P");
  const name = own === "" || own === "/" ? "index.html" : own;
  const file = given.get("O") ?? (prefix === undefined ? name : `${prefix}/${name}`);
  const output = open(shell, file === "-" ? "/dev/stdout" : file, ">|").hold();
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.byteLength;
      await shell.untilAborted(output.file.write(chunk));
    }
  } finally {
    output.release();
    response.close();
  }
  if (tells && file !== "-") await shell.complain(`‘${file}’ saved [${bytes}]\n`);
}

function requestOf(given: Given, extra: readonly string[], text: string): HttpRequest {
  const url = urlOf(text);
  const data = given.get("post-data") ?? given.get("body-data");
  const body = data === undefined ? null : new TextEncoder().encode(data);
  const headers: [string, string][] = [
    ["Host", url.host],
    ["User-Agent", given.get("U") ?? "Wget/1.21"],
    ["Accept", "*/*"],
  ];
  if (body !== null) {
    headers.push(["Content-Type", "application/x-www-form-urlencoded"]);
    headers.push(["Content-Length", String(body.byteLength)]);
  }
  for (const line of extra) {
    const [, name = "", value = ""] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    const known = headers.find(([one]) => one.toLowerCase() === name.toLowerCase());
    if (known !== undefined) known[1] = value;
    else if (name !== "") headers.push([name, value]);
  }
  headers.push(["Connection", "close"]);
  const standard = given.has("spider") ? "HEAD" : body === null ? "GET" : "POST";
  return { method: given.get("method") ?? standard, url, headers, body };
}
