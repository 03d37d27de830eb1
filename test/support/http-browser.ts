import type { RunningWorker } from "./worker-harness.ts";

type Init = Omit<NonNullable<Parameters<RunningWorker["fetch"]>[1]>, "headers"> & {
  headers?: Record<string, string>;
};
export type Answer = Awaited<ReturnType<RunningWorker["fetch"]>>;

/** As much of a browser as a sign-in needs: cookies by origin, forms, redirects one by one. */
export class HttpBrowser {
  readonly #fetch: RunningWorker["fetch"];
  readonly #cookies = new Map<string, Map<string, string>>();

  constructor(fetch: RunningWorker["fetch"]) {
    this.#fetch = fetch;
  }

  async open(url: string, init: Init = {}): Promise<Answer> {
    const { origin } = new URL(url);
    const headers = { ...init.headers, Cookie: this.cookieFor(origin) };
    const answer = await this.#fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of answer.headers.getSetCookie()) this.#keep(origin, line);
    return answer;
  }

  /** Sends a form as a page of this origin would. */
  submit(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return this.open(url, {
      method: "POST",
      headers: {
        Origin: new URL(url).origin,
        "Content-Type": "application/x-www-form-urlencoded",
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    });
  }

  cookieFor(origin: string): string {
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  #keep(origin: string, line: string): void {
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/;\s*Max-Age=0\b/i.test(line)) jar.delete(name);
    else jar.set(name, value);
  }
}

/** The hidden field and the choices of a consent page. */
export function readConsent(page: string): {
  handle: string;
  containers: string[];
  chosen: string;
} {
  const handle = /name="handle" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const radios = [...page.matchAll(/name="container"\s+value="([^"]+)"\s+required\s+(checked)?/g)];
  const containers = radios.map((radio) => radio[1] ?? "");
  return { handle, containers, chosen: radios.find((radio) => radio[2])?.[1] ?? "" };
}
