/** An event as a client sees it (HTML standard, 9.2.6). */
export interface SeenEvent {
  readonly event: string;
  /** The last event id after it. */
  readonly id: string;
  readonly data: Record<string, unknown>;
}

/** Reads a stream of server-sent events as the HTML standard says, section 9.2.6. */
export class ServerEvents {
  readonly response: Response;
  /** Every comment that came. */
  comments = 0;
  lastEventId = "";
  readonly #abort: AbortController;
  readonly #events: AsyncGenerator<SeenEvent, void, void>;

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    this.#events = this.#parse();
  }

  static async open(url: URL, init: RequestInit = {}): Promise<ServerEvents> {
    const abort = new AbortController();
    const response = await fetch(url, { ...init, signal: abort.signal });
    return new ServerEvents(response, abort);
  }

  /** @returns undefined at the end of the stream */
  async next(): Promise<SeenEvent | undefined> {
    const { value } = await this.#events.next();
    return value ?? undefined;
  }

  /** All that come until the end. */
  async rest(): Promise<SeenEvent[]> {
    const seen: SeenEvent[] = [];
    for (let event = await this.next(); event; event = await this.next()) seen.push(event);
    return seen;
  }

  /** Goes away. */
  cut(): void {
    this.#abort.abort();
  }

  async *#parse(): AsyncGenerator<SeenEvent, void, void> {
    let event = "message";
    let data: string[] = [];
    for await (const line of linesOf(this.response)) {
      const [, field = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
      if (line === "") {
        if (data.length > 0) {
          yield {
            event,
            id: this.lastEventId,
            data: JSON.parse(data.join("\n")) as SeenEvent["data"],
          };
        }
        event = "message";
        data = [];
      } else if (field === "") this.comments += 1;
      else if (field === "event") event = value;
      else if (field === "data") data.push(value);
      else if (field === "id") this.lastEventId = value;
    }
  }
}

/** A line ends with CR, LF or both. */
async function* linesOf(response: Response): AsyncGenerator<string, void, void> {
  if (response.body === null) return;
  let rest = "";
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
