import { Handle } from "../../redirect/descriptors.ts";
import { open } from "../../redirect/redirect.ts";
import { AbortReason } from "../../run/shell-process.ts";
import { Interrupted, ShellError } from "../../run/outcome.ts";
import { SignalNumber } from "../../../kernel/system-calls.ts";
import type { Command, CommandCall } from "../command.ts";
import { encodeText } from "../text/encoding.ts";
import { baseName, named } from "../text/walk.ts";
import type { ResponseHead } from "../../../../../preview/http/response-head.ts";
import { type CurlJob, curlJob } from "./curl-options.ts";
import { requestFor, USER_AGENT } from "./curl-request.ts";
import { TransferError } from "./failure.ts";
import {
  headerOf,
  type HttpRequest,
  type HttpResponse,
  requestHead,
  sendRequest,
} from "./request.ts";

const USAGE_ERROR = 2;
const WRITE_ERROR = 23;
const HTTP_ERROR = 22;
const TIMED_OUT = 28;
const TOO_MANY_REDIRECTS = 47;
const REDIRECTS_MAX = 50;

/** `curl`: HTTP to servers of this container, and to hosts that the person has allowed. */
export const curl: Command = async (call) => {
  const { shell } = call;
  const job = curlJob(call.args);
  if (typeof job === "string") {
    await shell.complain(`curl: ${job}\ncurl: try 'curl --help' for more information\n`);
    return USAGE_ERROR;
  }
  if (job.has("V")) {
    await shell.print(`${USER_AGENT} (wasm32-disco-linux-gnu)\nProtocols: http https\n`);
    return 0;
  }
  if (job.urls.length === 0) {
    await shell.complain("curl: no URL specified!\ncurl: try 'curl --help' for more information\n");
    return USAGE_ERROR;
  }
  let status = 0;
  for (const [index, url] of job.urls.entries())
    status = await new Transfer(call, job, index).run(url);
  return status;
};

interface Measured {
  readonly startedAt: number;
  request: HttpRequest | null;
  head: ResponseHead | null;
  bytes: number;
  redirects: number;
}

class Transfer {
  readonly #call: CommandCall;
  readonly #job: CurlJob;
  readonly #index: number;
  readonly #measured: Measured = {
    startedAt: performance.now(),
    request: null,
    head: null,
    bytes: 0,
    redirects: 0,
  };

  constructor(call: CommandCall, job: CurlJob, index: number) {
    this.#call = call;
    this.#job = job;
    this.#index = index;
  }

  async run(url: string): Promise<number> {
    const retries = Number(this.#job.value("retry") ?? 0);
    let status = 0;
    for (let attempt = 0; attempt <= retries; attempt++) {
      const isLast = attempt === retries;
      status = await this.#attempt(url, isLast);
      if (!this.#isTransient(status) || isLast) break;
      const delay = Number(this.#job.value("retry-delay") ?? 2 ** Math.min(attempt, 5));
      await this.#call.shell.untilAborted(
        new Promise((resolve) => void setTimeout(resolve, delay * 1000)),
      );
    }
    await this.#writeOut(url, status);
    return status;
  }

  #isTransient(status: number): boolean {
    if (status === TIMED_OUT || (status !== 0 && this.#job.has("retry-all-errors"))) return true;
    if (status === 7) return this.#job.has("retry-connrefused");
    return [408, 429, 500, 502, 503, 504].includes(this.#measured.head?.status ?? 0);
  }

  async #attempt(url: string, isLast: boolean): Promise<number> {
    try {
      await this.#withTimeout(() => this.#perform(url));
      return 0;
    } catch (error) {
      const failure =
        error instanceof ShellError ? new TransferError(WRITE_ERROR, error.message) : error;
      if (!(failure instanceof TransferError)) throw error;
      const isQuiet = this.#job.has("s") && !this.#job.has("S");
      if (!isQuiet && isLast)
        await this.#call.shell.complain(`curl: (${failure.code}) ${failure.message}\n`);
      return failure.code;
    }
  }

  /** `-m`: all of it within so many seconds. */
  async #withTimeout(body: () => Promise<void>): Promise<void> {
    const seconds = Number(this.#job.value("m") ?? 0);
    if (seconds <= 0) return body();
    const { shell } = this.#call;
    const outer = shell.signal;
    const abort = new AbortController();
    const pass = (): void => abort.abort(outer.reason);
    outer.addEventListener("abort", pass, { once: true });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      abort.abort(new AbortReason("SIGALRM", SignalNumber.SIGALRM));
    }, seconds * 1000);
    shell.signal = abort.signal;
    try {
      await body();
    } catch (error) {
      if (!isLate || !(error instanceof Interrupted)) throw error;
      throw new TransferError(
        TIMED_OUT,
        `Operation timed out after ${Math.round(seconds * 1000)} milliseconds with ${this.#measured.bytes} bytes received`,
      );
    } finally {
      clearTimeout(timer);
      shell.signal = outer;
      outer.removeEventListener("abort", pass);
    }
  }

  async #perform(url: string): Promise<void> {
    const { shell } = this.#call;
    const job = this.#job;
    let request = await requestFor(shell, job, url);
    const most = Number(job.value("max-redirs") ?? REDIRECTS_MAX);
    this.#measured.redirects = 0;
    for (;;) {
      this.#measured.request = request;
      await this.#tellRequest(request);
      const response = await sendRequest(shell, request);
      this.#measured.head = response.head;
      await this.#tellHead(response.head);
      const next = job.has("L") ? redirected(request, response.head) : null;
      if (next === null) return this.#receive(request, response);
      if (job.has("i") || job.has("I")) await this.#showHead(response.head);
      response.close();
      if (++this.#measured.redirects > most)
        throw new TransferError(TOO_MANY_REDIRECTS, `Maximum (${most}) redirects followed`);
      request = next;
    }
  }

  async #showHead(head: ResponseHead): Promise<void> {
    await this.#call.shell.write(1, encodeText(headText(head)));
  }

  async #receive(request: HttpRequest, response: HttpResponse): Promise<void> {
    const job = this.#job;
    const { shell } = this.#call;
    const { head } = response;
    const fails = head.status >= 400 && (job.has("f") || job.has("fail-with-body"));
    const dump = job.value("D");
    if (dump !== null) await this.#writeTo(dump, [encodeText(headText(head))]);
    if (!fails || job.has("fail-with-body")) {
      const output = await this.#output(request.url);
      try {
        if (job.has("i") || job.has("I")) await output.file.write(encodeText(headText(head)));
        for await (const bytes of response.body) {
          this.#measured.bytes += bytes.byteLength;
          await shell.untilAborted(output.file.write(bytes));
        }
      } finally {
        output.release();
      }
    }
    response.close();
    if (fails)
      throw new TransferError(HTTP_ERROR, `The requested URL returned error: ${head.status}`);
  }

  async #writeTo(file: string, chunks: readonly Uint8Array[]): Promise<void> {
    const { shell } = this.#call;
    const handle = open(shell, file === "-" ? "/dev/stdout" : file, ">|").hold();
    for (const chunk of chunks) await handle.file.write(chunk);
    handle.release();
  }

  async #output(url: URL): Promise<Handle> {
    const job = this.#job;
    const { shell } = this.#call;
    const own = baseName(url.pathname);
    const name = job.outputs[this.#index] ?? (job.named === "all" ? own : "-");
    if (name === "-") {
      const handle = shell.descriptors.get(1);
      if (handle === undefined) throw new TransferError(WRITE_ERROR, "Failed writing body");
      return handle.hold();
    }
    if (name === "" || name === "/")
      throw new TransferError(WRITE_ERROR, "Remote file name has no length");
    const directory = job.value("output-dir");
    const file = directory === null ? name : `${directory}/${name}`;
    if (job.has("create-dirs")) {
      const { path } = named(shell, file);
      const parent = path.slice(0, path.lastIndexOf("/")) || "/";
      await shell.process.system.call("mkdir", parent, { recursive: true });
    }
    return open(shell, file, ">|").hold();
  }

  async #tellRequest(request: HttpRequest): Promise<void> {
    if (!this.#job.has("v")) return;
    const lines = requestHead(request).trimEnd().split("\r\n");
    await this.#call.shell.complain(`${lines.map((line) => `> ${line}\n`).join("")}>\n`);
  }

  async #tellHead(head: ResponseHead): Promise<void> {
    if (!this.#job.has("v")) return;
    const lines = headText(head).trimEnd().split("\r\n");
    await this.#call.shell.complain(`${lines.map((line) => `< ${line}\n`).join("")}<\n`);
  }

  /** `-w` */
  async #writeOut(url: string, status: number): Promise<void> {
    const format = this.#job.value("w");
    if (format === null) return;
    const { head, request, bytes, redirects, startedAt } = this.#measured;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(6);
    const code = String(head?.status ?? 0).padStart(3, "0");
    const values: Readonly<Record<string, string>> = {
      http_code: code,
      response_code: code,
      content_type: head === null ? "" : (headerOf(head, "content-type") ?? ""),
      size_download: String(bytes),
      time_total: seconds,
      time_starttransfer: seconds,
      time_connect: "0.000100",
      time_namelookup: "0.000010",
      url: url,
      url_effective: request?.url.href ?? url,
      num_redirects: String(redirects),
      redirect_url:
        head === null || request === null ? "" : (locationOf(request, head)?.href ?? ""),
      method: request?.method ?? "",
      exitcode: String(status),
      http_version: "1.1",
      scheme: request?.url.protocol.slice(0, -1) ?? "",
      errormsg: "",
    };
    const text = format
      .replaceAll(/%\{(\w+)\}|%%/g, (whole, name?: string) =>
        name === undefined ? "%" : (values[name] ?? whole),
      )
      .replaceAll(
        /\\([nrt\\])/g,
        (_, letter: string) => ({ n: "\n", r: "\r", t: "\t" })[letter] ?? "\\",
      );
    await this.#call.shell.print(text);
  }
}

function headText({ status, reason, headers }: ResponseHead): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${reason}\r\n${lines.join("")}\r\n`;
}

function locationOf({ url }: HttpRequest, head: ResponseHead): URL | null {
  const location = headerOf(head, "location");
  if (location === null || head.status < 300 || head.status > 399) return null;
  return URL.parse(location, url);
}

/** The request that a redirection leads to (RFC 9110, section 15.4); null when there is none. */
export function redirected(request: HttpRequest, head: ResponseHead): HttpRequest | null {
  const url = locationOf(request, head);
  if (url === null) return null;
  const becomesGet =
    head.status === 303 || ([301, 302].includes(head.status) && request.method === "POST");
  // What was meant for one host is not for another.
  const isSame = url.origin === request.url.origin;
  const dropped = new Set([
    ...(becomesGet ? ["content-length", "content-type"] : []),
    ...(isSame ? [] : ["authorization", "cookie"]),
  ]);
  const headers = request.headers
    .filter(([name]) => !dropped.has(name.toLowerCase()))
    .map(([name, value]) => [name, name.toLowerCase() === "host" ? url.host : value] as const);
  return {
    url,
    headers,
    method: becomesGet && request.method !== "HEAD" ? "GET" : request.method,
    body: becomesGet ? null : request.body,
  };
}
