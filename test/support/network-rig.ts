import { EgressRequest, readHead, writeHead } from "#protocol/egress-frame.ts";
import { parseRule } from "#protocol/egress-rule.ts";
import {
  type HostUse,
  NetworkReport,
  type Wish,
} from "#sandbox/runtime/embedded/network/messages.ts";
import { Network } from "#sandbox/runtime/embedded/network/network.ts";

export interface Asked {
  readonly head: EgressRequest;
  readonly body: string;
  readonly token: string | null;
  readonly signal: AbortSignal | null | undefined;
}

/** A network whose page and worker are the test. */
export class NetworkRig {
  readonly asked: Asked[] = [];
  readonly page: MessagePort;
  wishes: Wish[] = [];
  uses: HostUse[] = [];
  tokensWanted = 0;
  /** What the worker answers. */
  answer: (asked: Asked) => Response | Promise<Response> = () => passedOn("hello");
  now = 1_000_000;
  readonly network: Network;

  constructor() {
    let ino = 1;
    this.network = new Network({
      nextIno: () => ino++,
      base: "http://rt.example",
      now: () => this.now,
      fetch: async (url, init) => this.#fetch(url, init),
    });
    const { port1, port2 } = new MessageChannel();
    this.page = port1;
    port1.addEventListener("message", ({ data }) => this.#hear(data));
    port1.start();
    this.network.serve(port2);
  }

  rules(...hosts: string[]): void {
    const rules = hosts.map((host) => {
      const parsed = parseRule(host, true);
      if (!parsed.ok) throw new Error(parsed.problem);
      return parsed.value;
    });
    this.page.postMessage({ type: "rules", rules, local: true }, []);
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    if (url !== "http://rt.example/__disco/egress/") throw new Error(`The kernel asked ${url}.`);
    const stream = new Response(init.body as BodyInit).body as ReadableStream<Uint8Array>;
    const { head, body } = await readHead(stream, EgressRequest);
    const asked = {
      head,
      body: await new Response(body).text(),
      token: new Headers(init.headers).get("Authorization"),
      signal: init.signal,
    };
    this.asked.push(asked);
    return this.answer(asked);
  }

  #hear(data: unknown): void {
    const message = NetworkReport.parse(data);
    if (message.type === "state") {
      this.wishes = message.wishes;
      this.uses = message.uses;
      return;
    }
    this.tokensWanted += 1;
    const expiresAt = this.now + 300_000;
    const token = `token-${this.tokensWanted}`;
    this.page.postMessage({ type: "token", token, expiresAt }, []);
  }

  close(): void {
    this.page.close();
  }
}

export function passedOn(body: BodyInit | null, headers: [string, string][] = []): Response {
  const head = writeHead({ status: 200, reason: "OK", headers });
  const stream = new Response(body).body;
  const all = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(head);
      try {
        for await (const chunk of stream ?? []) controller.enqueue(chunk);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
  });
  return new Response(all);
}

/** Three bytes, and nothing more until it is aborted, as a body of `fetch` is. */
export function endless(signal: AbortSignal | null | undefined): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(3));
      signal?.addEventListener("abort", () => controller.error(signal.reason));
    },
  });
}
