import { toByteString } from "../bytes.ts";
import type { Shell } from "../../state/shell.ts";
import { errnoWords } from "../../redirect/error-words.ts";
import { joinBytes } from "../../redirect/open-file.ts";
import { baseName, named } from "../text/walk.ts";
import { decodeText } from "../text/encoding.ts";
import type { CurlJob } from "./curl-options.ts";
import { TransferError } from "./failure.ts";
import type { HttpRequest } from "./request.ts";

const READ_ERROR = 26;
const BAD_URL = 3;
const UNSUPPORTED = 1;

export const USER_AGENT = "curl/8.5.0";

/** The URL as curl reads it: `http://` may be missing. */
export function urlOf(text: string): URL {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  let url: URL;
  try {
    url = new URL(whole);
  } catch {
    throw new TransferError(BAD_URL, "URL using bad/illegal format or missing URL");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new TransferError(
      UNSUPPORTED,
      `Protocol "${url.protocol.slice(0, -1)}" not supported or disabled in libcurl`,
    );
  return url;
}

/** The request that the options ask for. */
export async function requestFor(shell: Shell, job: CurlJob, text: string): Promise<HttpRequest> {
  const url = urlOf(text);
  const form = job.forms.length > 0 ? await formBody(shell, job.forms) : null;
  const data = job.data.length > 0 ? await dataBody(shell, job) : null;
  const upload = job.upload === null ? null : await contentOf(shell, job.upload);
  if (job.isGet && data !== null)
    url.search = [url.search.slice(1), decodeText(data)].filter((part) => part !== "").join("&");
  const body = job.isGet ? null : (form?.bytes ?? data ?? upload);
  const standard = job.has("I") ? "HEAD" : upload !== null ? "PUT" : body !== null ? "POST" : "GET";
  const headers = new RequestHeaders();
  headers.set("Host", url.host);
  const user = job.value("u") ?? userOf(url);
  if (user !== null) {
    const bytes = new TextEncoder().encode(user);
    headers.set("Authorization", `Basic ${btoa(toByteString(bytes))}`);
  }
  const bearer = job.value("oauth2-bearer");
  if (bearer !== null) headers.set("Authorization", `Bearer ${bearer}`);
  headers.set("User-Agent", job.value("A") ?? USER_AGENT);
  headers.set("Accept", "*/*");
  const referer = job.value("e");
  if (referer !== null) headers.set("Referer", referer);
  const cookie = job.value("b");
  if (cookie?.includes("=") === true) headers.set("Cookie", cookie);
  if (body !== null) headers.set("Content-Length", String(body.byteLength));
  const type = form?.type ?? typeOfData(job, data);
  if (type !== null) headers.set("Content-Type", type);
  if (job.data.some(({ kind }) => kind === "json")) headers.set("Accept", "application/json");
  for (const line of job.headers) headers.take(line);
  headers.set("Connection", "close", true);
  return { method: job.method ?? standard, url, headers: headers.list(), body };
}

function userOf({ username, password }: URL): string | null {
  if (username === "") return null;
  return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}

function typeOfData(job: CurlJob, data: Uint8Array | null): string | null {
  if (data === null || job.isGet) return null;
  const isJson = job.data.some(({ kind }) => kind === "json");
  return isJson ? "application/json" : "application/x-www-form-urlencoded";
}

/** Headers by name, in the order in which they came. */
class RequestHeaders {
  readonly #lines: [string, string][] = [];

  set(name: string, value: string, isOptional = false): void {
    const known = this.#lines.find(([given]) => given.toLowerCase() === name.toLowerCase());
    if (known === undefined) this.#lines.push([name, value]);
    else if (!isOptional) known[1] = value;
  }

  /** `Name: value`, `Name;` for an empty one, `Name:` to leave one out. */
  take(line: string): void {
    const empty = /^([^:;]+);\s*$/.exec(line)?.[1];
    if (empty !== undefined) return this.set(empty, "");
    const [, name = "", value = ""] = /^([^:]+):\s*(.*)$/s.exec(line) ?? [];
    if (name === "") return;
    if (value === "") {
      const at = this.#lines.findIndex(([given]) => given.toLowerCase() === name.toLowerCase());
      if (at !== -1) this.#lines.splice(at, 1);
    } else this.set(name, value.trimEnd());
  }

  list(): readonly (readonly [string, string])[] {
    return this.#lines;
  }
}

async function contentOf(shell: Shell, file: string): Promise<Uint8Array> {
  try {
    if (file === "-") return (await shell.descriptors.get(0)?.readAll()) ?? new Uint8Array();
    return await shell.process.system.call("readFile", named(shell, file).path);
  } catch (error) {
    throw new TransferError(READ_ERROR, `Failed to open ${file}: ${errnoWords(error)}`);
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function dataBody(shell: Shell, job: CurlJob): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const { kind, text } of job.data) {
    if (parts.length > 0 && kind !== "json") parts.push(encode("&"));
    parts.push(await dataPart(shell, kind, text));
  }
  return joinBytes(parts);
}

async function dataPart(shell: Shell, kind: string, text: string): Promise<Uint8Array> {
  if (kind === "data-raw") return encode(text);
  if (kind === "data-urlencode") {
    const [, name = "", mark = "", rest = ""] = /^([^=@]*)([=@]?)(.*)$/s.exec(text) ?? [];
    if (mark === "") return encode(encodeURIComponent(text));
    const value = mark === "@" ? decodeText(await contentOf(shell, rest)) : rest;
    return encode(`${name === "" ? "" : `${name}=`}${encodeURIComponent(value)}`);
  }
  if (!text.startsWith("@")) return encode(text);
  const bytes = await contentOf(shell, text.slice(1));
  // `-d @file` leaves out what ends lines.
  return kind === "d" ? bytes.filter((byte) => byte !== 10 && byte !== 13 && byte !== 0) : bytes;
}

async function formBody(
  shell: Shell,
  forms: readonly string[],
): Promise<{ bytes: Uint8Array; type: string }> {
  const boundary = `------------------------${crypto.randomUUID().replaceAll("-", "").slice(0, 22)}`;
  const parts: Uint8Array[] = [];
  for (const form of forms) {
    const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(form) ?? [];
    const [text = "", ...settings] = value.split(";");
    const isFile = /^[@<]/.test(text);
    const setting = (key: string): string | undefined =>
      settings.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1);
    const type = setting("type") ?? (text.startsWith("@") ? "application/octet-stream" : undefined);
    const file = text.startsWith("@")
      ? `; filename="${setting("filename") ?? baseName(text.slice(1))}"`
      : "";
    parts.push(
      encode(
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${type === undefined ? "" : `Content-Type: ${type}\r\n`}\r\n`,
      ),
      isFile ? await contentOf(shell, text.slice(1)) : encode(text),
      encode("\r\n"),
    );
  }
  parts.push(encode(`--${boundary}--\r\n`));
  return { bytes: joinBytes(parts), type: `multipart/form-data; boundary=${boundary}` };
}
