import type { System } from "../../kernel/system-calls.ts";
import { BadResponse, type ResponseHead } from "../../../../preview/http/response-head.ts";
import { ResponseParser } from "../../../../preview/http/response-parser.ts";
import { type Bytes, concat, encode } from "../objects/bytes.ts";
import { type Advertisement, readAdvertisement } from "./advertisement.ts";
import { connectionFailure, statusFailure } from "./http-failures.ts";
import { PktReader } from "./pkt-line.ts";
import { checkRemoteUrl } from "./remote-url.ts";
import { misbehaved } from "./reasons.ts";

export type Service = "git-upload-pack" | "git-receive-pack";

const CHUNK_BYTES = 65_536;

/** How often a repository may have moved on its host (git's limit is curl's, which is higher). */
const REDIRECTS_MAX = 5;

/** One remote repository over HTTP (gitprotocol-http(5)); each exchange has a connection of its own. */
export class HttpTransport {
  readonly #system: Pick<System, "call">;
  /** As it was said, for messages. */
  readonly url: string;
  #base: string;

  /** @throws GitFailure for what cannot be reached */
  constructor(system: Pick<System, "call">, url: string) {
    checkRemoteUrl(url);
    this.#system = system;
    this.url = url;
    this.#base = url.replace(/\/+$/, "");
  }

  /** What the remote has. @throws GitFailure */
  async advertise(service: Service): Promise<Advertisement> {
    const question = `/info/refs?service=${service}`;
    for (let left = REDIRECTS_MAX; left >= 0; left -= 1) {
      const answer = await this.#ask("GET", this.#base + question, service, null);
      const place = headerOf(answer.head, "location");
      if (answer.head.status < 300 || answer.head.status >= 400 || place === null) {
        const lines = new PktReader(await this.#body(answer, service));
        const advertisement = await readAdvertisement(lines, service);
        await lines.close();
        return advertisement;
      }
      await answer.body.return();
      if (!place.endsWith(question)) throw misbehaved("it redirects to what is no repository");
      this.#base = place.slice(0, -question.length);
    }
    throw misbehaved("it redirects again and again");
  }

  /** Sends a request of a service, and yields the answer as it comes. @throws GitFailure */
  async request(service: Service, body: Bytes): Promise<AsyncGenerator<Uint8Array>> {
    const answer = await this.#ask("POST", `${this.#base}/${service}`, service, body);
    return this.#body(answer, service);
  }

  async #body(answer: Answer, service: Service): Promise<AsyncGenerator<Uint8Array>> {
    if (answer.head.status === 200) return answer.body;
    throw await statusFailure(this.url, service, answer.head, answer.body);
  }

  async #ask(method: string, url: string, service: Service, body: Bytes | null): Promise<Answer> {
    const { origin, host, pathname, search } = new URL(url);
    const fail = (error: unknown): Error => connectionFailure(this.url, service, error);
    const fd = await this.#system.call("connectGit", origin).catch((error: unknown) => {
      throw fail(error);
    });
    const close = (): Promise<void> => this.#system.call("close", fd);
    const head = [
      `${method} ${pathname}${search} HTTP/1.1`,
      `Host: ${host}`,
      "Connection: close",
      ...(body === null
        ? []
        : [`Content-Type: application/x-${service}-request`, `Content-Length: ${body.length}`]),
    ].join("\r\n");
    const request = concat([encode(`${head}\r\n\r\n`), body ?? new Uint8Array(0)]);
    // Whoever refuses it does not read it to its end.
    void this.#system.call("write", fd, request, null).catch(() => {});
    const events = this.#events(fd, method, fail, close);
    const first = await events.next();
    if (first.done === true || !("head" in first.value)) throw fail(new Error("no answer"));
    return { head: first.value.head, body: bytesOf(events) };
  }

  async *#events(
    fd: number,
    method: string,
    fail: (error: unknown) => Error,
    close: () => Promise<void>,
  ): AsyncGenerator<Event, void> {
    const parser = new ResponseParser(method);
    try {
      for (;;) {
        const chunk = await this.#system.call("read", fd, CHUNK_BYTES, null).catch((error) => {
          throw fail(error);
        });
        const events =
          chunk.byteLength === 0 ? parser.finish() : parser.push(new Uint8Array(chunk));
        for (const event of events) {
          if (event.type === "end") return;
          yield event.type === "head" ? { head: event.head } : { bytes: event.bytes };
        }
        if (chunk.byteLength === 0) return;
      }
    } catch (error) {
      throw error instanceof BadResponse ? fail(error) : error;
    } finally {
      await close();
    }
  }
}

type Event = { readonly head: ResponseHead } | { readonly bytes: Uint8Array };

interface Answer {
  readonly head: ResponseHead;
  readonly body: AsyncGenerator<Uint8Array, void>;
}

async function* bytesOf(events: AsyncGenerator<Event, void>): AsyncGenerator<Uint8Array, void> {
  for await (const event of events) if ("bytes" in event) yield event.bytes;
}

export function headerOf({ headers }: ResponseHead, name: string): string | null {
  return headers.findLast(([given]) => given.toLowerCase() === name)?.[1] ?? null;
}
